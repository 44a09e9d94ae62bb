import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJsonc } from '../../src/runs/jsonc.ts'
import { editJsonc } from '../../src/runs/jsoncEdit.ts'
import { temporaryFolder } from './folders.ts'

async function edited(text: string, path: readonly (string | number)[], value: unknown): Promise<string> {
  const folder = temporaryFolder()
  const file = join(folder, 'project.jsonc')
  writeFileSync(file, text)
  await editJsonc(file, path, value)
  expect(readdirSync(folder)).toEqual(['project.jsonc'])
  return readFileSync(file, 'utf8')
}

const project = `// The data set.
{
  "split": { "method": "KFold" }, // five folds
  /* what all others are measured against */
  "baseline": "baseline",

  "debug": {
    "samples": 64,
  },
}
`

describe('an edit in place', () => {
  it('changes the value and nothing else', async () => {
    const text = await edited(project, ['baseline'], 'cutout')
    expect(text).toBe(project.replace('"baseline": "baseline"', '"baseline": "cutout"'))
  })

  it('does not touch the file where the value stands already', async () => {
    expect(await edited(project, ['baseline'], 'baseline')).toBe(project)
  })

  it('adds a key that is not there, and keeps the comments', async () => {
    const text = await edited(project, ['primary_metric'], 'dice')
    expect(parseJsonc(text, 'f').value).toMatchObject({ primary_metric: 'dice', baseline: 'baseline' })
    for (const comment of ['// The data set.', '// five folds', '/* what all others are measured against */'])
      expect(text).toContain(comment)
  })

  it.each([
    ['tabs', '{\n\t"a": 1\n}\n', '{\n\t"a": 1,\n\t"b": 2\n}\n'],
    ['four spaces', '{\n    "a": 1\n}\n', '{\n    "a": 1,\n    "b": 2\n}\n'],
    ["Windows' line ends", '{\r\n  "a": 1\r\n}\r\n', '{\r\n  "a": 1,\r\n  "b": 2\r\n}\r\n'],
    ['a byte order mark', '\uFEFF{\n  "a": 1\n}\n', '\uFEFF{\n  "a": 1,\n  "b": 2\n}\n'],
  ])('keeps %s', async (_layout, before, after) => {
    expect(await edited(before, ['b'], 2)).toBe(after)
  })

  it('leaves a broken file as it is, and says where it is broken', async () => {
    const file = join(temporaryFolder(), 'project.jsonc')
    writeFileSync(file, '{\n  "baseline": \n}')
    await expect(editJsonc(file, ['baseline'], 'a')).rejects.toMatchObject({ details: { file, line: 3, code: 'broken-jsonc' } }) // prettier-ignore
    expect(readFileSync(file, 'utf8')).toBe('{\n  "baseline": \n}')
  })

  it('says that a file is missing', async () => {
    const file = join(temporaryFolder(), 'project.jsonc')
    await expect(editJsonc(file, ['baseline'], 'a')).rejects.toMatchObject({ details: { code: 'not-found' } })
  })

  it('reads back as what was set, whatever the text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 4 }),
        fc.string(),
        async (object, name) => {
          const text = `// top\n${JSON.stringify(object, undefined, 2)}\n`
          const value = parseJsonc(await edited(text, ['baseline'], name), 'f').value
          expect(value).toEqual(parseJsonc(JSON.stringify({ ...object, baseline: name }), 'f').value)
        },
      ),
      { numRuns: 30 },
    )
  })
})

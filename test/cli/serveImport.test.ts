import { describe, expect, it } from 'vitest'
import { parse } from 'jsonc-parser'
import { answerImport } from '../../src/cli/serve/importPipeline.ts'
import { ServeClient } from './serveClient.ts'

const pasted = 'A.Compose([\n  A.HorizontalFlip(p=0.5),\n  A.Vignette(),\n])'
const flip = { name: 'HorizontalFlip', p: 0.5 }

/** The document with what is pasted at `|`. */
function pastedInto(text: string): string {
  const offset = text.indexOf('|')
  const document = text.replace('|', '')
  const { insert } = answerImport({ id: 1, type: 'import', pasted, document, offset })
  return document.slice(0, offset) + insert + document.slice(offset)
}

describe('a pasted pipeline', () => {
  it.each([
    ['{\n  "hypothesis": "x",\n  |\n}', { hypothesis: 'x', augment: [flip] }],
    ['{\n  "augment": |\n}', { augment: [flip] }],
    ['{\n  "augment": [\n    { "name": "Blur" },\n    |\n  ]\n}', { augment: [{ name: 'Blur' }, flip] }],
    ['{\n  "augment": [|]\n}', { augment: [flip] }],
  ])('fits into %j', (text, wanted) => {
    const result = pastedInto(text)
    expect(parse(result)).toEqual(wanted)
    expect(result).toContain('// 3: Vignette is not known here')
  })

  it('is laid out as the line where it is pasted', () => {
    expect(pastedInto('{\n  |\n}').split('\n').slice(1, -1)).toEqual([
      '  // 3: Vignette is not known here and is left out',
      '  "augment": [',
      '    {',
      '      "name": "HorizontalFlip",',
      '      "p": 0.5',
      '    }',
      '  ]',
    ])
  })

  it('is asked of the program', async () => {
    const client = new ServeClient()
    const question = { type: 'import', pasted, document: '{}', offset: 1 } as const
    expect((await client.ask<'import'>(question)).insert).toContain('"HorizontalFlip"')
    await expect(client.ask<'import'>({ ...question, pasted: 'Compose(' })).rejects.toThrow('broken-python')
  })
})

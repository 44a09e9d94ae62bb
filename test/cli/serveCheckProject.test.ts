import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Problem } from '../../src/protocol/questions.ts'
import { temporaryFolder, tinyProject } from './project.ts'
import { ServeClient } from './serveClient.ts'
import { expectProblems, marked, type Expected } from './serveProblems.ts'

const projects: readonly (Omit<Expected, 'text'> & { readonly change: (text: string) => string })[] = [
  { title: 'the project as it is', change: (text) => text, problems: [] },
  {
    title: 'folders that do not exist, with those that do',
    change: (text) =>
      text.replace('"images": "images"', '"images": "image"').replace('"masks": "masks"', '"masks": "baseline.txt"'),
    problems: [
      { marks: '"image"', code: 'unreachable', says: 'Did you mean "images"?', replacements: ['"images"'] },
      { marks: '"baseline.txt"', code: 'unreachable', says: 'is a file, not a folder' },
    ],
  },
  {
    title: 'a folder outside the workspace, by its name and through a link',
    change: (text) =>
      text.replace('"images": "images"', '"images": "../images"').replace('"masks": "masks"', '"masks": "elsewhere"'),
    problems: [
      { marks: '"../images"', code: 'invalid-value' },
      { marks: '"elsewhere"', code: 'unreachable', says: 'link' },
    ],
  },
  {
    title: 'a baseline that does not exist beside an unknown metric',
    change: (text) => text.replace('"baseline": "baseline"', '"baseline": "tini"').replace('"mIoU"', '"miou"'),
    problems: [
      { marks: '"miou"', code: 'schema', replacements: ['"mIoU"'] },
      { marks: '"tini"', code: 'no-experiment', replacements: ['"tiny"'] },
    ],
  },
  {
    title: 'a group pattern that is no regular expression',
    change: (text) => text.replace('^(scene\\\\d+)_', '^(scene'),
    problems: [{ marks: '"^(scene"', code: 'group-pattern', replacements: ['"^([^_]+)_"'] }],
  },
  {
    title: 'a group pattern that could take forever',
    change: (text) => text.replace('^(scene\\\\d+)_', '(\\\\d+)+_'),
    problems: [{ marks: '"(\\\\d+)+_"', code: 'group-pattern', says: 'forever' }],
  },
  {
    title: 'a group pattern that catches nothing',
    change: (text) => text.replace('^(scene\\\\d+)_', '^(patient\\\\d+)_'),
    problems: [{ marks: '"^(patient\\\\d+)_"', code: 'group-pattern', says: 'none of the 24 images' }],
  },
  {
    title: 'a group pattern that catches some',
    change: (text) => text.replace('^(scene\\\\d+)_', '^(scene0[01])_'),
    problems: [{ marks: '"^(scene0[01])_"', code: 'group-pattern', says: '12 of 24 images' }],
  },
  {
    title: 'more folds than groups',
    change: (text) => text.replace('"n_splits": 4', '"n_splits": 9'),
    problems: [{ marks: '9', code: 'split', says: 'number of groups: 4' }],
  },
  {
    title: 'classes that cannot be told apart',
    change: (text) => text.replace('{ "id": 2, "name": "square"', '{ "id": 1, "name": "square"'),
    problems: [{ marks: '1', code: 'invalid-value', says: 'same id' }],
  },
]

describe('check of a project', () => {
  it('finds what is wrong in each of these', async () => {
    const project = await tinyProject()
    writeFileSync(join(project, 'baseline.txt'), '')
    symlinkSync(temporaryFolder(), join(project, 'elsewhere'))
    const client = new ServeClient()
    const file = join(project, 'foldwise', 'project.jsonc')
    const whole = readFileSync(file, 'utf8')
    for (const { title, change, problems: expected } of projects) {
      const text = change(whole)
      const { problems } = await client.ask<'check'>({ type: 'check', file, text })
      expect(() => { expectProblems(problems, { text, problems: expected }) }, title).not.toThrow() // prettier-ignore
    }
  })

  it('tells images without masks where the folder of masks is named, and knows when they have come', async () => {
    const project = await tinyProject()
    const client = new ServeClient()
    const file = join(project, 'foldwise', 'project.jsonc')
    const text = readFileSync(file, 'utf8')
    const check = async (): Promise<readonly Problem[]> =>
      (await client.ask<'check'>({ type: 'check', file, text })).problems
    expect(await check()).toEqual([])
    const mask = join(project, 'masks', 'scene00_0000.png')
    const content = readFileSync(mask)
    rmSync(mask)
    const problems = await check()
    expect(problems).toMatchObject([{ code: 'missing-mask', severity: 'error' }])
    expect(marked(text, problems[0])).toBe('"masks"')
    writeFileSync(mask, content)
    expect(await check()).toEqual([])
  })

  it('says what an empty one lacks', async () => {
    const file = join(temporaryFolder(), 'foldwise', 'project.jsonc')
    const { problems } = await new ServeClient().ask<'check'>({ type: 'check', file, text: '{}' })
    expect(problems.map(({ message }) => message)).toEqual([
      '"dataset" is missing.',
      '"split" is missing.',
      'There is no experiment "baseline" in foldwise/experiments.',
    ])
    expect(problems.map(({ severity }) => severity)).toEqual(['error', 'error', 'warning'])
  })
})

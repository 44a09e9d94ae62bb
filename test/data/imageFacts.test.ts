import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../src/core/errors.ts'
import { parseProject } from '../../src/core/project.ts'
import type { Project } from '../../src/core/projectSchema.ts'
import { palettePng } from '../../src/data/palettePng.ts'
import { pairFolders } from '../../src/data/folders.ts'
import { dominantClass, splitPairs } from '../../src/data/imageFacts.ts'
import { temporaryFolder } from './dataset.ts'

const side = 8

/** Images whose masks show one class each: c0 … c8 are class 0, 1, 2, 0, 1, 2 … over a corner of background. */
function workspace(split: object): { root: string; project: Project } {
  const root = temporaryFolder()
  for (const folder of ['images', 'masks']) mkdirSync(join(root, folder))
  for (let i = 0; i < 9; i++) {
    const labels = new Uint8Array(side * side).fill(i % 3)
    labels[0] = 0
    const palette = [
      [0, 0, 0],
      [255, 0, 0],
      [0, 255, 0],
    ] as const
    const png = palettePng(labels, { width: side, height: side }, palette)
    for (const folder of ['images', 'masks']) writeFileSync(join(root, folder, `c${i}.png`), png)
  }
  const classes = ['background', 'red', 'green'].map((name, id) => ({ id, name }))
  const dataset = { images: 'images', masks: 'masks', classes, mask_encoding: 'palette' }
  return { root, project: parseProject({ dataset, split }, () => ({})) }
}

async function foldsOf(split: object, csv?: string): Promise<readonly (readonly string[])[]> {
  const { root, project } = workspace(split)
  if (csv !== undefined) writeFileSync(join(root, 'table.csv'), csv)
  const { pairs } = await pairFolders({ root, images: 'images', masks: 'masks' })
  const { folds } = await splitPairs(root, project, pairs)
  return folds.map(({ validation }) => validation)
}

/** Nine lines, with the value that `of` gives to each image. */
function table(of: (image: number) => string | number): string {
  return ['image,value', ...Array.from({ length: 9 }, (_, i) => `c${i}.png,${of(i)}`)].join('\n')
}

const column = { file: 'table.csv', column: 'value' }

describe('splitPairs', () => {
  it('stratifies by the class with most pixels', async () => {
    for (const validation of await foldsOf({ method: 'StratifiedKFold', n_splits: 3 })) {
      expect(validation.map((name) => Number(name[1]) % 3).sort()).toEqual([0, 1, 2])
    }
  })

  it('stratifies by the classes that an image shows', async () => {
    for (const validation of await foldsOf({ method: 'MultilabelStratifiedKFold', n_splits: 3 })) {
      expect(validation.map((name) => Number(name[1]) % 3).sort()).toEqual([0, 1, 2])
    }
  })

  it('stratifies by a column of a table', async () => {
    const split = { method: 'StratifiedKFold', n_splits: 3, labels: column }
    for (const validation of await foldsOf(
      split,
      table((i) => (i < 3 ? 'sunny' : 'rainy')),
    )) {
      expect(validation.filter((name) => Number(name[1]) < 3)).toHaveLength(1)
    }
  })

  it('groups by a column of a table', async () => {
    const split = { method: 'GroupKFold', n_splits: 3, group: column }
    const folds = await foldsOf(
      split,
      table((i) => `patient ${Math.floor(i / 3)}`),
    )
    expect(folds.map((validation) => validation.join(' ')).sort()).toEqual([
      'c0.png c1.png c2.png',
      'c3.png c4.png c5.png',
      'c6.png c7.png c8.png',
    ])
  })

  it('takes folds from a table; an image without one always trains', async () => {
    const split = { method: 'PredefinedSplit', n_splits: 2, folds: column }
    expect(
      await foldsOf(
        split,
        table((i) => (i === 0 ? '' : i % 2)),
      ),
    ).toEqual([
      ['c2.png', 'c4.png', 'c6.png', 'c8.png'],
      ['c1.png', 'c3.png', 'c5.png', 'c7.png'],
    ])
  })

  it.each([
    ['a missing column', 'image,colour\nc0.png,1', 'no column "value"'],
    ['an image without a line', 'image,value\nc0.png,1', '8 of 9 images have no line in the file, e.g. c1.png'],
    ['two values of an image', 'image,value\nc0,1\nc0,2', 'Two lines of c0'],
    ['a fold that is no number', table((i) => `x${i}`), 'The fold of c0.png is no whole number'],
    ['other folds than were announced', table((i) => i % 3), 'has 3 different folds (0, 1, 2), not n_splits=2'],
    ['a torn table', 'image,value\nc0,1,2', 'The table cannot be read'],
  ])('refuses %s', async (_, csv, message) => {
    const failure = await foldsOf({ method: 'PredefinedSplit', n_splits: 2, folds: column }, csv).catch(
      (error: unknown) => error,
    )
    expect(failure).toBeInstanceOf(UserError)
    expect((failure as UserError).message).toContain(message)
  })

  it('refuses a table that is not there, or lies outside', async () => {
    await expect(foldsOf({ method: 'PredefinedSplit', folds: column })).rejects.toThrow('The table cannot be read')
    expect(() => workspace({ method: 'PredefinedSplit', folds: { ...column, file: '../t.csv' } })).toThrow(
      'file inside the workspace',
    )
  })

  it('refuses a grouping by both a pattern and a table', () => {
    const group = { pattern: '^c', ...column }
    expect(() => workspace({ method: 'GroupKFold', group })).toThrow('either "pattern" or "file" and "column"')
  })
})

describe('dominantClass', () => {
  it('leaves out the background, and takes the lower of equal classes', () => {
    expect(dominantClass([99, 3, 4, 4])).toBe(2)
    expect(dominantClass([99, 0, 0])).toBe(0)
    expect(dominantClass([7])).toBe(0)
  })
})

import { describe, expect, it } from 'vitest'
import { classIndex } from '../../src/core/classIndex.ts'
import { parseProject } from '../../src/core/project.ts'
import type { Project } from '../../src/core/projectSchema.ts'

const dataset = {
  images: 'images',
  masks: 'masks',
  classes: [
    { id: 7, name: 'road', color: '#804080' },
    { id: 0, name: 'background' },
    { id: 11, name: 'building' },
  ],
}
const split = { method: 'KFold' }

function parse(value: unknown): Project {
  return parseProject(value, () => ({ file: 'foldwise/project.jsonc' }))
}

describe('project.jsonc', () => {
  it('fills in what is left out', () => {
    expect(parse({ dataset, split })).toEqual({
      dataset: { ...dataset, format: 'folders', ignore_index: 255, mask_encoding: 'auto' },
      split: { method: 'KFold', n_splits: 5, shuffle: true },
      primary_metric: 'mIoU',
      baseline: 'baseline',
      debug: { samples: 64, epochs: 2 },
    })
  })

  it('takes the arguments of the split method beside it', () => {
    const grouped = { method: 'GroupKFold', n_splits: 3, group: { pattern: '^([a-z]+)_' } }
    expect(parse({ dataset, split: grouped }).split).toMatchObject(grouped)
    expect(parse({ dataset, split: { method: 'HoldOut' } }).split).toMatchObject({ val_fraction: 0.2 })
  })

  it.each([
    ['unknown split method', { dataset, split: { method: 'Kfold' } }, '"split.method" names nothing known'],
    ["another method's key", { dataset, split: { method: 'HoldOut', n_splits: 5 } }, 'Unknown key "split.n_splits"'],
    ['groups without a pattern', { dataset, split: { method: 'GroupKFold' } }, '"split.group" is missing'],
    ['no data set', { split }, '"dataset" is missing'],
    ['absolute folder', { dataset: { ...dataset, images: '/data' }, split }, '"dataset.images"'],
    ['Windows drive', { dataset: { ...dataset, images: 'D:\\data' }, split }, '"dataset.images"'],
    ['folder outside', { dataset: { ...dataset, masks: 'a/../../b' }, split }, '"dataset.masks"'],
    [
      'two classes of one id',
      { dataset: { ...dataset, classes: [...dataset.classes, { id: 7, name: 'x' }] }, split },
      '"dataset.classes[3].id"',
    ],
    [
      'two classes of one name',
      { dataset: { ...dataset, classes: [...dataset.classes, { id: 8, name: 'road' }] }, split },
      '"dataset.classes[3].name"',
    ],
    ['ignored class', { dataset: { ...dataset, ignore_index: 11 }, split }, '"dataset.classes[2].id"'],
    [
      'colour masks without colours',
      { dataset: { ...dataset, mask_encoding: 'color' }, split },
      '"dataset.classes[1].color"',
    ],
    [
      'colour that is none',
      { dataset: { ...dataset, classes: [{ id: 0, name: 'a', color: 'red' }] }, split },
      '"dataset.classes[0].color"',
    ],
  ])('refuses %s', (_, value, message) => {
    expect(() => parse(value)).toThrow(message)
  })
})

describe('classIndex', () => {
  it('numbers classes by ascending id, whatever the order of the file', () => {
    const index = classIndex(parse({ dataset, split }))
    expect(index.count).toBe(3)
    expect(index.ids).toEqual([0, 7, 11])
    expect(index.names).toEqual(['background', 'road', 'building'])
    expect(index.colors).toEqual([undefined, '#804080', undefined])
    expect([0, 7, 11, 255, 1].map((id) => index.indexOf.get(id))).toEqual([0, 1, 2, undefined, undefined])
  })
})

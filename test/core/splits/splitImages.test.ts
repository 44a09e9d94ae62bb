import { describe, expect, it } from 'vitest'
import { splitHash } from '../../../src/core/splits/splitHash.ts'
import { splitImages } from '../../../src/core/splits/splitImages.ts'

const names = Array.from({ length: 12 }, (_, i) => `patient_${i % 4}_slice_${i}.png`)

describe('splitImages', () => {
  it('does not depend on the order in which the images are listed', () => {
    const split = { method: 'KFold', n_splits: 3, seed: 5 }
    expect(splitImages(names.toReversed(), split)).toEqual(splitImages(names, split))
  })

  it('groups by the pattern', () => {
    const { folds } = splitImages(names, {
      method: 'GroupKFold',
      n_splits: 4,
      group: { pattern: String.raw`patient_(\d+)` },
    })
    for (const { validation } of folds) expect(new Set(validation.map((name) => name.slice(0, 9))).size).toBe(1)
  })

  it('gives another hash to another seed, method or set of images', () => {
    const hashes = [
      splitImages(names, { method: 'KFold', n_splits: 3, seed: 0 }),
      splitImages(names, { method: 'KFold', n_splits: 3, seed: 1 }),
      splitImages(names, { method: 'HoldOut' }),
      splitImages(names.slice(1), { method: 'KFold', n_splits: 3, seed: 0 }),
    ].map(({ hash }) => hash)
    expect(new Set(hashes).size).toBe(hashes.length)
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{64}$/)
  })
})

describe('splitHash', () => {
  it('depends on the assignment, not on the order inside a fold', () => {
    const folds = [
      { train: [2], validation: [0, 1] },
      { train: [0, 1], validation: [2] },
    ]
    const same = [
      { train: [2], validation: [1, 0] },
      { train: [1, 0], validation: [2] },
    ]
    expect(splitHash(['a', 'b', 'c'], same)).toBe(splitHash(['a', 'b', 'c'], folds))
    expect(splitHash(['a', 'b', 'c'], folds.toReversed())).not.toBe(splitHash(['a', 'b', 'c'], folds))
  })
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splits } from '../../../src/core/splits/registry.ts'
import { describeWithFixtures } from '../../shared.ts'
import { ours, run, type SplitCase } from './scikitLearn.ts'

const ascending = (a: number, b: number): number => a - b

describeWithFixtures('splits equal scikit-learn', 'splits', (folder) => {
  const { cases } = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')) as { cases: readonly SplitCase[] }

  it('has cases for every one of our methods', () => {
    const known = new Set(cases.map((one) => ours(one).name))
    expect(splits.names.filter((name) => !known.has(name))).toEqual(['PredefinedSplit'])
  })

  it.each(cases.map((one, i) => [`${i} ${one.splitter} n=${one.n} ${JSON.stringify(one.arguments)}`, one] as const))(
    '%s',
    (_, one) => {
      if (one.error !== undefined) {
        expect(() => run(one)).toThrow(expect.objectContaining({ name: 'UserError', message: one.error }) as Error)
        return
      }
      const { folds, warnings } = run(one)
      expect(warnings).toEqual(one.warnings ?? [])
      expect(folds.map(({ validation }) => validation)).toEqual(one.folds)
      const images = Array.from({ length: one.n }, (__, image) => image)
      for (const [i, { train, validation }] of folds.entries()) {
        if (one.train !== undefined) expect(train).toEqual(one.train[i])
        else
          expect(train.toSorted(ascending)).toEqual(
            images.filter((image) => !validation.includes(image)).slice(-train.length),
          )
      }
    },
  )
})

describe('every split method', () => {
  const count = fc.integer({ min: 10, max: 60 })
  const seed = fc.integer({ min: 0, max: 4294967295 })

  it('KFold: every image validates exactly once, and trains in all other folds', () => {
    fc.assert(
      fc.property(count, fc.integer({ min: 2, max: 10 }), seed, (n, n_splits, random) => {
        const folds = splits.get('KFold').split({ count: n }, { n_splits, shuffle: true, seed: random })
        const images = Array.from({ length: n }, (_, image) => image)
        expect(folds.flatMap(({ validation }) => validation).sort(ascending)).toEqual(images)
        for (const { train, validation } of folds) expect([...train, ...validation].sort(ascending)).toEqual(images)
        const sizes = folds.map(({ validation }) => validation.length)
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('GroupKFold: no group validates and trains in the same fold', () => {
    const groupLists = fc
      .array(fc.integer({ min: 0, max: 9 }), { minLength: 12, maxLength: 50 })
      .filter((list) => new Set(list).size >= 3)
    fc.assert(
      fc.property(groupLists, fc.boolean(), seed, (groups, shuffle, random) => {
        const folds = splits
          .get('GroupKFold')
          .split({ count: groups.length, groups }, { n_splits: 3, shuffle, seed: shuffle ? random : undefined })
        expect(folds.flatMap(({ validation }) => validation).sort(ascending)).toEqual(groups.map((_, image) => image))
        for (const { train, validation } of folds) {
          const trained = new Set(train.map((image) => groups[image]))
          expect(validation.filter((image) => trained.has(groups[image]))).toEqual([])
        }
      }),
    )
  })

  it('HoldOut: two parts that together are all images', () => {
    fc.assert(
      fc.property(count, fc.double({ min: 0.05, max: 0.85, noNaN: true }), fc.boolean(), (n, val_fraction, shuffle) => {
        const [fold, ...others] = splits.get('HoldOut').split({ count: n }, { val_fraction, shuffle })
        expect(others).toEqual([])
        expect([...fold.train, ...fold.validation].sort(ascending)).toEqual(
          Array.from({ length: n }, (_, image) => image),
        )
      }),
    )
  })

  it('GroupKFold without groups says so', () => {
    expect(() => splits.get('GroupKFold').split({ count: 9 }, { n_splits: 3, shuffle: false })).toThrow(
      "The 'groups' parameter should not be None.",
    )
  })

  it('describes every argument', () => {
    for (const method of splits.all)
      for (const [key, schema] of Object.entries(method.arguments.shape))
        expect((schema as { description?: string }).description, `${method.name}.${key}`).toBeTruthy()
  })
})

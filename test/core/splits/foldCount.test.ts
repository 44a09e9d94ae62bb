import { expect, it } from 'vitest'
import { foldCount } from '../../../src/core/splits/foldCount.ts'
import { splits } from '../../../src/core/splits/registry.ts'

it.each(splits.names)('the folds of %s are counted without its defaults as with them', (method) => {
  const defaults = splits.get(method).arguments.parse({})
  expect(foldCount({ method })).toBe(foldCount({ method, ...defaults }))
})

it('counts every repeat', () => {
  expect(foldCount({ method: 'RepeatedKFold', n_splits: 4, n_repeats: 3 })).toBe(12)
})

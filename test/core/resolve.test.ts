import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../src/core/errors.ts'
import type { ExperimentFile } from '../../src/core/experimentFile.ts'
import { mergeConditions } from '../../src/core/merge.ts'
import { resolveExperiment } from '../../src/core/resolve.ts'

function loader(files: Readonly<Record<string, ExperimentFile>>): (name: string) => ExperimentFile | undefined {
  return (name) => (Object.hasOwn(files, name) ? files[name] : undefined)
}

describe('resolveExperiment', () => {
  it('merges objects key by key and replaces lists, from the root down', () => {
    const load = loader({
      baseline: { optimizer: { name: 'Adam', lr: 1 }, augment: [{ name: 'HorizontalFlip' }, { name: 'VerticalFlip' }] },
      slow: { extends: 'baseline', optimizer: { lr: 0.1 }, train: { epochs: 5 } },
      plain: { extends: 'slow', augment: [] },
    })
    expect(resolveExperiment('plain', load)).toEqual({
      lineage: ['plain', 'slow', 'baseline'],
      conditions: { optimizer: { name: 'Adam', lr: 0.1 }, augment: [], train: { epochs: 5 } },
    })
  })

  it('inherits no hypothesis, tags or notes', () => {
    const load = loader({ a: { hypothesis: 'h', tags: ['t'], notes: 'n' }, b: { extends: 'a' } })
    expect(resolveExperiment('b', load).conditions).toEqual({})
  })

  it("drops the arguments of the parent's method, but not what every method has", () => {
    const load = loader({
      a: {
        model: { arch: 'Unet', encoder_name: 'resnet34', decoder_channels: [64, 32, 16] },
        optimizer: { name: 'Adam', lr: 0.1, beta1: 0.8, lookahead: { k: 5 } },
        scheduler: { name: 'CosineAnnealingLR', T_max: 9 },
      },
      b: {
        extends: 'a',
        model: { arch: 'FPN' },
        optimizer: { name: 'SGD', momentum: 0.9 },
        scheduler: { name: 'constant' },
      },
    })
    expect(resolveExperiment('b', load).conditions).toEqual({
      model: { arch: 'FPN', encoder_name: 'resnet34' },
      optimizer: { name: 'SGD', lr: 0.1, lookahead: { k: 5 }, momentum: 0.9 },
      scheduler: { name: 'constant' },
    })
  })

  it('keeps the arguments when the same method is named again', () => {
    expect(
      mergeConditions({ optimizer: { name: 'Adam', beta1: 0.8 } }, { optimizer: { name: 'Adam', lr: 1 } }),
    ).toEqual({ optimizer: { name: 'Adam', beta1: 0.8, lr: 1 } })
  })

  it('drops the arguments of a method inside a method where another is named', () => {
    const parent = { scheduler: { name: 'GradualWarmup', total_epoch: 5, after: { name: 'StepLR', step_size: 9 } } }
    expect(mergeConditions(parent, { scheduler: { after: { name: 'ExponentialLR', gamma: 0.9 } } })).toEqual({
      scheduler: { name: 'GradualWarmup', total_epoch: 5, after: { name: 'ExponentialLR', gamma: 0.9 } },
    })
    expect(mergeConditions(parent, { scheduler: { after: { name: 'StepLR', gamma: 0.9 } } })).toEqual({
      scheduler: { name: 'GradualWarmup', total_epoch: 5, after: { name: 'StepLR', step_size: 9, gamma: 0.9 } },
    })
  })

  it('says who extends a missing experiment', () => {
    const attempt = (): unknown => resolveExperiment('b', loader({ b: { extends: 'gone' } }))
    expect(attempt).toThrow(UserError)
    expect(attempt).toThrow(
      expect.objectContaining({
        details: expect.objectContaining({ file: 'foldwise/experiments/b.jsonc', value: 'gone' }) as unknown,
      }) as Error,
    )
    expect(() => resolveExperiment('gone', loader({}))).toThrow('There is no experiment "gone".')
  })

  it('shows the circle', () => {
    const load = loader({ a: { extends: 'b' }, b: { extends: 'c' }, c: { extends: 'b' }, self: { extends: 'self' } })
    expect(() => resolveExperiment('a', load)).toThrow('b → c → b')
    expect(() => resolveExperiment('self', load)).toThrow('self → self')
  })
})

describe('laws of merging', () => {
  // As in the schema, a key holds a section in every file or a plain value in every file.
  const leaf = fc.oneof(fc.integer(), fc.string(), fc.constant(null), fc.array(fc.integer()))
  const section = fc.record(
    { a: leaf, nested: fc.dictionary(fc.constantFrom('b', '__proto__'), leaf) },
    { requiredKeys: [] },
  )
  const conditions = fc.dictionary(fc.constantFrom('model', 'optimizer', 'data'), section)

  it('nothing changes nothing', () => {
    fc.assert(
      fc.property(conditions, (one) => {
        expect(mergeConditions(one, {})).toEqual(one)
        expect(mergeConditions({}, one)).toEqual(one)
        expect(mergeConditions(one, one)).toEqual(one)
      }),
    )
  })

  it('the order of merging along a lineage does not matter', () => {
    fc.assert(
      fc.property(conditions, conditions, conditions, (a, b, c) => {
        expect(mergeConditions(mergeConditions(a, b), c)).toEqual(mergeConditions(a, mergeConditions(b, c)))
      }),
    )
  })

  it('changes neither of its arguments', () => {
    fc.assert(
      fc.property(conditions, conditions, (a, b) => {
        const before = structuredClone([a, b])
        mergeConditions(a, b)
        expect([a, b]).toEqual(before)
      }),
    )
  })
})

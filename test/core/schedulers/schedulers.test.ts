import { describe, expect, it } from 'vitest'
import type { ExperimentConfig } from '../../../src/core/experiment.ts'
import { learningRate, scheduledMomentum } from '../../../src/core/schedulers/learningRate.ts'
import { schedulers } from '../../../src/core/schedulers/registry.ts'
import { checkScheduler, missingScheduler, readSchedulers } from '../../parity/schedulers.ts'
import { describeWithFixtures } from '../../shared.ts'

describeWithFixtures('schedulers equal torch', 'schedulers', (folder) => {
  const fixture = readSchedulers(folder)
  const ours = Object.keys(fixture.cases).filter((name) => missingScheduler(fixture.cases[name]) === undefined)

  it('has cases', () => {
    expect(ours.length).toBeGreaterThan(0)
  })

  it.each(ours)('%s', (name) => {
    expect(checkScheduler(fixture, name)).toMatchObject({ verdict: 'ok' })
  })
})

describe('schedulers', () => {
  it('CosineAnnealingLR takes the epochs of the run when T_max is left out', () => {
    const cosine = schedulers.get('CosineAnnealingLR')
    const args = cosine.arguments.parse({ eta_min: 0.01 })
    expect(cosine.rate(1, 0, args, 20)).toBe(1)
    expect(cosine.rate(1, 10, args, 20)).toBeCloseTo(0.505, 12)
    expect(cosine.rate(1, 20, args, 20)).toBeCloseTo(0.01, 12)
  })

  it.each(['PolynomialLR', 'LinearLR'])('%s takes the epochs of the run for a total_iters of null', (name) => {
    const method = schedulers.get(name)
    const rates = (given: object): readonly number[] =>
      Array.from({ length: 21 }, (_, t) => method.rate(1, t, method.arguments.parse(given), 20))
    expect(rates({ total_iters: null })).toEqual(rates({ total_iters: 20 }))
    expect(rates({})).toEqual(rates({ total_iters: 5 }))
  })

  it('MultiStepLR counts a milestone that stands twice twice', () => {
    const method = schedulers.get('MultiStepLR')
    const args = method.arguments.parse({ milestones: [3, 1, 3], gamma: 0.5 })
    expect([0, 1, 2, 3].map((t) => method.rate(8, t, args, 4))).toEqual([8, 4, 4, 1])
  })

  it('CosineAnnealingWarmUpRestarts refuses a warm-up as long as the first cycle', () => {
    const { arguments: schema } = schedulers.get('CosineAnnealingWarmUpRestarts')
    expect(schema.safeParse({ T_0: 5, T_up: 4 }).success).toBe(true)
    expect(schema.safeParse({ T_0: 5, T_up: 5 }).success).toBe(false)
  })

  it('GradualWarmup leaves the epochs after it to the schedule behind it', () => {
    const method = schedulers.get('GradualWarmup')
    const rates = (after: object): readonly number[] => {
      const args = method.arguments.parse({ multiplier: 1, total_epoch: 5, after })
      return Array.from({ length: 20 }, (_, t) => method.rate(1, t, args, 20))
    }
    expect(rates({ name: 'CosineAnnealingLR' })).toEqual(rates({ name: 'CosineAnnealingLR', T_max: 14 }))
    expect(rates({ name: 'OneCycleLR', max_lr: 2 }).at(-1)).toBeCloseTo(2 / 25 / 1e4, 12)
  })

  it('GradualWarmup refuses what its follower would refuse', () => {
    const { arguments: schema } = schedulers.get('GradualWarmup')
    const isRight = (after: unknown): boolean => schema.safeParse({ multiplier: 1, total_epoch: 5, after }).success
    expect(isRight({ name: 'StepLR', step_size: 3 })).toBe(true)
    expect(isRight({ name: 'StepLR' })).toBe(false)
    expect(isRight({ name: 'StepLR', step_size: 3, T_max: 3 })).toBe(false)
    expect(isRight({ name: 'GradualWarmup', multiplier: 1, total_epoch: 2 })).toBe(false)
  })

  it('ReduceLROnPlateau watches the loss by min and the metric by max, and takes null for no improvement', () => {
    const method = schedulers.get('ReduceLROnPlateau')
    const scores = [3, 2, 1].map((value) => ({ loss: value, metric: value }))
    const rate = (mode: string, results: Parameters<typeof method.rate>[4] = scores): number =>
      method.rate(1, 3, method.arguments.parse({ mode, patience: 0, factor: 0.5 }), 9, results)
    expect([rate('min'), rate('max'), rate('max', [])]).toEqual([1, 0.25, 1])
    expect(rate('min', [...scores.slice(0, 2), { loss: null, metric: 1 }])).toBe(0.5)
  })

  describe('OneCycleLR', () => {
    const method = schedulers.get('OneCycleLR')

    it('refuses in the first epoch to end before the run', () => {
      const args = method.arguments.parse({ max_lr: 1, total_steps: 19 })
      expect(() => method.rate(1, 0, args, 20)).toThrow('ends after 19 epochs')
      expect(method.rate(1, 0, args, 19)).toBeCloseTo(1 / 25, 12)
    })

    it('begins at the peak where the rise is one epoch', () => {
      const args = method.arguments.parse({ max_lr: 1, pct_start: 0.1 })
      expect(method.rate(1, 0, args, 10)).toBe(1)
      expect(method.rate(1, 9, args, 10)).toBeCloseTo(4e-6, 15)
    })
  })

  it('a warm-up leads to the rate of the schedule, which begins behind it', () => {
    const method = schedulers.get('CosineAnnealingLR')
    const args = method.arguments.parse({ warmup: { kind: 'linear', start_factor: 0.5, total_iters: 4 } })
    const rates = Array.from({ length: 14 }, (_, t) => method.rate(1, t, args, 14))
    expect(rates.slice(0, 5)).toEqual([0.5, 0.625, 0.75, 0.875, 1])
    const alone = method.arguments.parse({})
    expect(rates.slice(4)).toEqual(Array.from({ length: 10 }, (_, t) => method.rate(1, t, alone, 10)))
    expect(method.rate(1, 3, method.arguments.parse({ warmup: null }), 14)).toBe(method.rate(1, 3, alone, 14))
  })

  it('a warm-up hides its scores from ReduceLROnPlateau', () => {
    const method = schedulers.get('ReduceLROnPlateau')
    const args = method.arguments.parse({ patience: 0, warmup: { kind: 'linear', total_iters: 2 } })
    const scores = [1, 9, 9, 9].map((loss) => ({ loss, metric: null }))
    expect([2, 3, 4].map((t) => method.rate(1, t, args, 9, scores.slice(0, t)))).toEqual([1, 1, expect.closeTo(0.1)])
  })

  it('a group of parameters has its share of every rate, also where the base is not the optimizer’s', () => {
    for (const [name, given] of [
      ['CosineAnnealingLR', {}],
      ['OneCycleLR', { max_lr: 0.5 }],
      ['GradualWarmup', { multiplier: 2, total_epoch: 2, after: { name: 'OneCycleLR', max_lr: 0.5 } }],
    ] as const) {
      const config = {
        scheduler: { name, ...given },
        optimizer: { lr: 0.3 },
        train: { epochs: 12 },
      } as unknown as ExperimentConfig
      for (let epoch = 1; epoch <= 12; epoch++)
        expect(learningRate(config, epoch, 12, [], 0.1)).toBeCloseTo(0.1 * learningRate(config, epoch), 12)
    }
  })

  it('a run that was recorded before momentum could be moved keeps its own', () => {
    const config = (scheduler: object) =>
      ({ scheduler, optimizer: { lr: 1 }, train: { epochs: 10 } }) as unknown as ExperimentConfig
    expect(scheduledMomentum(config({ name: 'OneCycleLR', max_lr: 1 }), 1)).toBeUndefined()
    expect(scheduledMomentum(config({ name: 'OneCycleLR', max_lr: 1, cycle_momentum: true }), 1)).toBe(0.95)
    expect(scheduledMomentum(config({ name: 'OneCycleLR', max_lr: 1, cycle_momentum: false }), 1)).toBeUndefined()
  })

  it('constant stays', () => {
    expect([0, 7, 1000].map((t) => schedulers.get('constant').rate(0.3, t, {}, 10))).toEqual([0.3, 0.3, 0.3])
  })
})

import { describe, expect, it } from 'vitest'
import type { StateDict } from '../../src/model/stateDict.ts'
import { trainSteps } from '../../src/train/debugChecks/trainSteps.ts'
import type { Workbench } from '../../src/train/debugChecks/workbench.ts'
import type { Trainer } from '../../src/train/trainer.ts'
import { constantRates } from '../../src/train/updatePlan.ts'
import { plainEngine, small, workbench } from './debugBench.ts'

async function step(bench: Workbench, trainer: Trainer, done: number): Promise<void> {
  await trainSteps(bench, trainer, done, 1).next()
}

function expectClose(actual: StateDict, expected: StateDict): void {
  expect([...actual.keys()]).toEqual([...expected.keys()])
  for (const [key, { data }] of actual) {
    const other = expected.get(key)!.data
    for (let index = 0; index < data.length; index++)
      if (Math.abs(Number(data[index]) - Number(other[index])) > 1e-6 * Math.max(1, Math.abs(Number(other[index]))))
        throw new Error(`${key}[${index}]: ${data[index]} instead of ${other[index]}`)
  }
}

describe('averaged weights (EMA)', () => {
  const decay = 0.6
  const optimizer = { name: 'SGD', lr: 0.1, momentum: 0.9, lookahead: { k: 2, alpha: 0.5 } }

  it.each([
    ['plain steps', {}],
    ['Lookahead, whose synchronised weights are averaged', { optimizer }],
    ['accumulation, in which only optimizer steps count', { data: { ...small.data, accumulate_grad_batches: 2 } }],
  ])('are the recursion over weights and running statistics after each step: %s', async (_, conditions) => {
    const bench = await workbench(await plainEngine(), { ...small, ...conditions, train: { ema: { decay } } })
    const trainer = await bench.freshTrainer()
    const expected = new Map(
      Array.from(await trainer.saveEvaluated(0), ([key, { shape, data }]) => [key, { shape, data: data.slice() }]),
    )
    expectClose(expected, await trainer.save(0))
    for (let done = 0; done < 4; done++) {
      await step(bench, trainer, done)
      for (const [key, { data }] of await trainer.save(done + 1)) {
        const average = expected.get(key)!.data
        if (!(average instanceof Float32Array)) expected.get(key)!.data.set(data as never)
        else for (let i = 0; i < data.length; i++) average[i] = decay * average[i] + (1 - decay) * Number(data[i])
      }
    }
    expectClose(await trainer.saveEvaluated(4), expected)
    expect(await trainer.saveEvaluated(4)).not.toEqual(await trainer.save(4))
  })

  it('go on exactly from a saved state', async () => {
    const bench = await workbench(await plainEngine(), { ...small, optimizer, train: { ema: { decay, warmup: true } } })
    const through = await bench.freshTrainer()
    await step(bench, through, 0)
    const [weights, slots] = [await through.save(0), await through.saveSlots()]
    await step(bench, through, 1)
    const expected = await through.saveEvaluated(0)
    await bench.restart()
    const resumed = await bench.trainer()
    resumed.load(weights, slots)
    await step(bench, resumed, 1)
    expect(await resumed.saveEvaluated(0)).toEqual(expected)
  })

  it('with a warm-up are the weights themselves after the first step', async () => {
    const bench = await workbench(await plainEngine(), { ...small, train: { ema: { decay, warmup: true } } })
    const trainer = await bench.freshTrainer()
    await step(bench, trainer, 0)
    expectClose(await trainer.saveEvaluated(1), await trainer.save(1))
  })
})

describe('momentum that a schedule moves', () => {
  // What torch does: m ← β₁m + (1−β₁)g with the β₁ of the step, divided by 1 − β₁ᵗ with the same.
  it('Adam takes the momentum of each step, not that of its arguments', async () => {
    const bench = await workbench(await plainEngine(), { ...small, optimizer: { name: 'Adam', lr: 0.01, eps: 1 } })
    const trainer = await bench.freshTrainer()
    const key = 'segmentation_head.0.bias'
    const weights = async () => Array.from((await trainer.save(0)).get(key)!.data, Number)
    const momenta = [0.95, 0.85, 0.5]
    // ε of 1 makes the step nearly lr·m̂ / (√v̂ + 1), from which the gradient of the first step is read.
    const [moved, gradients]: number[][][] = [[], []]
    let [before, m, v] = [await weights(), [0], [0]]
    for (const [index, now] of momenta.entries()) {
      for await (const { image, target } of bench.loader.train(1)) {
        await trainer.computeGradient({ image, target }, 0)
        break
      }
      const momentum = { now, before: momenta[Math.max(0, index - 1)] }
      await trainer.update({ ...constantRates(0.01), momentum }, index + 1)
      const after = await weights()
      moved.push(after.map((value, i) => before[i] - value))
      const sums = (await trainer.saveSlots()).get(`square_sum/${key}`)!.data as Float32Array
      gradients.push(Array.from(sums, (sum, i) => Math.sqrt(Math.max(0, sum - 0.999 * (v[i] ?? 0)))))
      m = gradients[index].map((gradient, i) => now * (m[i] ?? 0) + (1 - now) * gradient * Math.sign(moved[0][i]))
      v = Array.from(sums, Number)
      before = after
      const expected = m.map(
        (mean, i) =>
          (0.01 * mean) / (1 - now ** (index + 1)) / (Math.sqrt((0.001 * v[i]) / (1 - 0.999 ** (index + 1))) + 1),
      )
      moved[index].forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i], 5)
      })
    }
  })
})

import { constantRates } from '../../src/train/updatePlan.ts'
import { describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engines/engine.ts'
import { onnxEngine } from '../../src/engines/onnx/onnxEngine.ts'
import type { StateDict } from '../../src/model/stateDict.ts'
import { initialWeights } from '../../src/train/initialWeights.ts'
import type { RunPlan } from '../../src/train/runPlan.ts'
import { Trainer } from '../../src/train/trainer.ts'
import { small, workbench } from './debugBench.ts'

const batchSize = 2

interface Bench {
  readonly plan: RunPlan
  readonly engine: Engine
  step(trainer: Trainer, step: number): Promise<{ readonly loss: number; readonly norm: number }>
}

async function bench(engine: Engine, train: object): Promise<Bench> {
  const optimizer = { name: 'AdamW', lr: 0.01, weight_decay: 0.1 }
  const { plan, loader } = await workbench(engine, { ...small, optimizer, train })
  const batches: Parameters<Trainer['computeGradient']>[0][] = []
  for await (const { image, target } of loader.train(1)) batches.push({ image: image.slice(), target: target.slice() })
  return {
    plan,
    engine,
    step: async (trainer, step) => {
      const { loss } = await trainer.computeGradient(batches[(step - 1) % batches.length], step - 1)
      const { gradientNorm } = await trainer.update(constantRates(plan.config.optimizer.lr), step)
      return { loss, norm: gradientNorm }
    },
  }
}

async function fresh({ engine, plan }: Bench, epoch = 1): Promise<Trainer> {
  const trainer = await Trainer.compile(engine, plan, batchSize, epoch)
  trainer.load(await initialWeights(plan.config.model, trainer.network, 0))
  return trainer
}

function keysThatDiffer(a: StateDict, b: StateDict): readonly string[] {
  return [...a.keys()].filter((key) => Buffer.compare(bytesOf(a, key), bytesOf(b, key)) !== 0)
}

function bytesOf(state: StateDict, key: string): Uint8Array {
  const { data } = state.get(key)!
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}

async function engineOfThisMachine(): Promise<Engine> {
  return (await onnxEngine({ threads: 1, lowering: 'auto' })).engine
}

describe('a frozen encoder', () => {
  it('neither moves nor decays, nor its statistics and counters, while all of the decoder learns', async () => {
    const work = await bench(await engineOfThisMachine(), { freeze_encoder_epochs: 1 })
    const trainer = await fresh(work)
    const before = await trainer.save(0)
    for (let step = 1; step <= 2; step++) await work.step(trainer, step)
    const after = await trainer.save(2)
    const moved = keysThatDiffer(before, after)
    expect(moved.filter((key) => key.startsWith('encoder.'))).toEqual([])
    expect(moved).toEqual([...before.keys()].filter((key) => !key.startsWith('encoder.')))
    expect([...(await trainer.saveSlots()).keys()].filter((key) => key.includes('/encoder.'))).toEqual([])
    await trainer.dispose()
  })

  it('gives the decoder the gradient that the whole network gives it with the encoder in evaluation mode', async () => {
    const engine = await engineOfThisMachine()
    const frozen = await bench(engine, { freeze_encoder_epochs: 1 })
    const whole = await bench(engine, { freeze_batchnorm: 'encoder' })
    const [first, second] = [await fresh(frozen), await fresh(whole)]
    const losses = [(await frozen.step(first, 1)).loss, (await whole.step(second, 1)).loss]
    expect(losses[0]).toBeCloseTo(losses[1], 5)
    const [one, other] = [await first.saveSlots(), await second.saveSlots()]
    for (const [key, { data }] of one) {
      const expected = other.get(key)!.data as Float32Array
      const [norm, distance] = [
        Math.hypot(...expected),
        Math.hypot(...(data as Float32Array).map((value, index) => value - expected[index])),
      ]
      expect(distance, key).toBeLessThanOrEqual(1e-3 * norm)
    }
    await first.dispose()
    await second.dispose()
  })

  it('thaws with the state as it was, and goes on alike where it was saved in between', async () => {
    const work = await bench(await engineOfThisMachine(), { freeze_encoder_epochs: 1 })
    const perEpoch = Math.floor(work.plan.train.length / batchSize)
    const through = await fresh(work)
    for (let step = 1; step <= perEpoch; step++) await work.step(through, step)
    const [saved, slots] = [await through.save(perEpoch), await through.saveSlots()]
    await through.enter(2, perEpoch)
    expect(keysThatDiffer(saved, await through.save(perEpoch))).toEqual([])

    const resumed = await Trainer.compile(work.engine, work.plan, batchSize, 2)
    resumed.load(saved, slots)
    for (let step = perEpoch + 1; step <= perEpoch + 2; step++)
      expect(await work.step(resumed, step)).toEqual(await work.step(through, step))
    const [expected, actual] = [await through.save(perEpoch + 2), await resumed.save(perEpoch + 2)]
    const parameters = through.network.declarations.filter(({ kind }) => kind !== 'counter').map(({ key }) => key)
    expect(keysThatDiffer(expected, actual).filter((key) => parameters.includes(key))).toEqual([])
    // Of the encoder as of the decoder everything moves again that is built at depth 3.
    const built = [...saved.keys()].filter((key) => !/layer[34]/.test(key))
    expect(keysThatDiffer(saved, expected)).toEqual(expect.arrayContaining(built))
    expect(expected.get('encoder.bn1.num_batches_tracked')!.data[0]).toBe(2n)
    expect(expected.get('decoder.blocks.0.conv1.1.num_batches_tracked')!.data[0]).toBe(BigInt(perEpoch + 2))
    await through.dispose()
    await resumed.dispose()
  })
})

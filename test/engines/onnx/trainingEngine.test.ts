import { describe, expect, it } from 'vitest'
import { stream } from '../../../src/core/random.ts'
import type { TrainingEngine } from '../../../src/engines/engine.ts'
import { onnxEngine } from '../../../src/engines/onnx/onnxEngine.ts'
import { initialState } from '../../../src/model/initialize.ts'
import type { Network } from '../../../src/model/network.ts'
import { optimizers } from '../../../src/train/optimizers/registry.ts'
import { trainingProgram } from '../../../src/train/programs.ts'
import { updatePlan } from '../../../src/train/updatePlan.ts'

const size = { batch: 2, height: 32, width: 32, classes: 3 }
const model = {
  arch: 'Unet',
  encoder_name: 'resnet18',
  encoder_weights: null,
  encoder_depth: 3,
  in_channels: 3,
  decoder_channels: [20, 12, 8],
}
const adam = optimizers.get('Adam')
const args = adam.arguments.parse({})
const random = stream(7, 'test')
const image = Float32Array.from({ length: 2 * 3 * 32 * 32 }, () => random.normal())
const target = Int32Array.from({ length: 2 * 32 * 32 }, () => random.integer(4)).map((label) =>
  label === 3 ? 255 : label,
)

async function compiled(
  lowering: 'auto' | 'plain',
  accumulate = 1,
): Promise<{ training: TrainingEngine; network: Network }> {
  const { engine } = await onnxEngine({ threads: 1, lowering })
  const { network, gradient } = trainingProgram(model, [{ name: 'CrossEntropyLoss', weight: 1 }], size)
  const training = await engine.compileTraining({ gradient, update: updatePlan(adam, args, null), accumulate })
  training.load(initialState(network.declarations, 0))
  return { training, network }
}

async function steps(training: TrainingEngine, count: number): Promise<number[]> {
  const losses: number[] = []
  for (let step = 1; step <= count; step++) {
    losses.push((await training.computeGradient({ image, target }))['loss'][0])
    await training.update(adam.scalars(args, 1e-3, step))
  }
  return losses
}

describe('a compiled training step', () => {
  it('gives back the weights that it was given, whatever order it stores them in', async () => {
    const { training, network } = await compiled('auto')
    const given = initialState(network.declarations, 0)
    for (const [key, { shape, data }] of await training.save()) {
      expect(shape).toEqual(given.get(key)!.shape)
      expect(data).toEqual(given.get(key)!.data)
    }
    await training.dispose()
  })

  it('learns the batch, with the same losses to the last bit each time', async () => {
    const first = await compiled('auto')
    const second = await compiled('auto')
    const losses = await steps(first.training, 12)
    expect(await steps(second.training, 12)).toEqual(losses)
    expect(losses[11]).toBeLessThan(losses[0] * 0.7)
    await first.training.dispose()
    await second.training.dispose()
  })

  it('goes on exactly where weights and optimizer state were saved', async () => {
    const whole = await compiled('auto')
    const losses = await steps(whole.training, 6)
    const begun = await compiled('auto')
    await steps(begun.training, 3)
    const resumed = await compiled('auto')
    resumed.training.load(await begun.training.save())
    resumed.training.loadSlots(await begun.training.saveSlots())
    for (let step = 4; step <= 6; step++) {
      expect((await resumed.training.computeGradient({ image, target }))['loss'][0]).toBe(losses[step - 1])
      await resumed.training.update(adam.scalars(args, 1e-3, step))
    }
    for (const { training } of [whole, begun, resumed]) await training.dispose()
  })

  it('trains alike in both lowerings', async () => {
    const blocked = await compiled('auto')
    const plain = await compiled('plain')
    const losses = await steps(plain.training, 4)
    ;(await steps(blocked.training, 4)).forEach((loss, step) => {
      expect(loss).toBeCloseTo(losses[step], 4)
    })
    await blocked.training.dispose()
    await plain.training.dispose()
  })

  it('accumulates: two halves of the same batch make the step of one', async () => {
    const once = await compiled('auto')
    const twice = await compiled('auto', 2)
    await steps(once.training, 1)
    for (const isFirst of [true, false]) {
      await twice.training.computeGradient({ image, target })
      await twice.training.accumulateGradient(0.5, isFirst)
    }
    await twice.training.update(adam.scalars(args, 1e-3, 1))
    const expected = await once.training.save()
    for (const [key, { data }] of await twice.training.save()) {
      if (key.includes('running_')) continue
      const other = expected.get(key)!.data as Float32Array
      ;(data as Float32Array).forEach((value, index) => {
        expect(Math.abs(value - other[index])).toBeLessThan(1e-6)
      })
    }
    await once.training.dispose()
    await twice.training.dispose()
  })
})

import { describe, expect, it } from 'vitest'
import { stream } from '../../src/core/random.ts'
import type { TrainingEngine } from '../../src/engines/engine.ts'
import { chunksOf } from '../../src/engines/onnx/chunks.ts'
import { flattenChunks } from '../../src/engines/onnx/gpu/flatState.ts'
import { lowerGpu } from '../../src/engines/onnx/gpu/lowerGpu.ts'
import { onnxEngine } from '../../src/engines/onnx/onnxEngine.ts'
import { createSession, feedsFor, run } from '../../src/engines/onnx/session.ts'
import { initialState } from '../../src/model/initialize.ts'
import { parameterGroups } from '../../src/train/optimizers/parameterGroups.ts'
import { optimizers } from '../../src/train/optimizers/registry.ts'
import { trainingProgram } from '../../src/train/programs.ts'
import { constantRates, inGroupOrder, stepScalars, updatePlan } from '../../src/train/updatePlan.ts'

const size = { batch: 2, height: 32, width: 32, classes: 3 }
/** Its decoder concatenates: weights lie in pieces. */
const model = {
  arch: 'Unet',
  encoder_name: 'resnet18',
  encoder_weights: null,
  encoder_depth: 3,
  in_channels: 3,
  decoder_channels: [20, 12, 8],
}
const random = stream(7, 'test')
const image = Float32Array.from({ length: 2 * 3 * 32 * 32 }, () => random.normal())
const target = Int32Array.from({ length: 2 * 32 * 32 }, () => random.integer(3))

/** Weights before and after some steps of an optimizer on one batch. */
async function trained(lowering: 'auto' | 'plain', name: string, given: object, { steps = 1, lr = 0.01 } = {}) {
  const { engine } = await onnxEngine({ threads: 1, lowering })
  const { network, gradient } = trainingProgram(model, [{ name: 'CrossEntropyLoss', weight: 1 }], size)
  const optimizer = optimizers.get(name)
  const args = optimizer.arguments.parse(given)
  const update = updatePlan(optimizer, args, null)
  const training = await engine.compileTraining({ gradient: inGroupOrder(gradient, update), update, accumulate: 1 })
  const before = initialState(network.declarations, 0)
  training.load(before)
  await takeSteps(training, (step) => stepScalars(optimizer, parameterGroups(args), constantRates(lr), step), steps)
  const after = await training.save()
  await training.dispose()
  const values = (key: string) => [before, after].map((state) => Array.from(state.get(key)!.data, Number))
  return { keys: [...after.keys()].filter((key) => !key.includes('running_')), values }
}

async function takeSteps(
  training: TrainingEngine,
  scalars: (step: number) => Readonly<Record<string, number>>,
  steps: number,
): Promise<void> {
  for (let step = 1; step <= steps; step++) {
    await training.computeGradient({ image, target })
    await training.update(scalars(step))
  }
}

const norm = (values: readonly number[]): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))

describe('the update of a network', () => {
  // All is projected with so large a delta: by channel, whose sums reach over the pieces of a weight.
  it('AdamP: rows in stored order, in padding and in pieces give what rows in plain order give', async () => {
    const given = { weight_decay: 0.1, delta: 1000 }
    const [blocked, plain, unprojected] = [
      await trained('auto', 'AdamP', given, { steps: 2 }),
      await trained('plain', 'AdamP', given, { steps: 2 }),
      await trained('plain', 'AdamP', { ...given, delta: 0 }, { steps: 2 }),
    ]
    for (const key of plain.keys) {
      const [[before, after], [, other]] = [plain.values(key), blocked.values(key)]
      // Rounding may turn the sign of a step where a gradient is almost zero: not tensor by tensor.
      expect(norm(after.map((value, i) => value - other[i])), key).toBeLessThan(
        0.05 * norm(after.map((value, i) => value - before[i])),
      )
    }
    const key = 'decoder.blocks.0.conv1.0.weight'
    expect(plain.values(key)[1]).not.toEqual(unprojected.values(key)[1])
    // Of a projected step nothing lies along the weights: a row only shrinks by its smaller decay, up to the second order.
    const [before, after] = plain.values(key)
    expect(norm(after)).toBeGreaterThan(norm(before) * (1 - 2 * 0.01 * 0.1))
  })

  it('moves the encoder by its share of the rate, and takes no decay from vectors', async () => {
    const whole = await trained('plain', 'SGD', {})
    const shared = await trained('plain', 'SGD', { encoder_lr_factor: 0.25 })
    const moved = ({ values }: typeof whole, key: string): number => {
      const [before, after] = values(key)
      return norm(after.map((value, i) => value - before[i]))
    }
    for (const key of ['encoder.layer1.0.conv1.weight', 'decoder.blocks.0.conv1.0.weight', 'segmentation_head.0.bias'])
      expect(moved(shared, key) / moved(whole, key)).toBeCloseTo(key.startsWith('encoder.') ? 0.25 : 1, 3)

    const decayed = { name: 'AdamW', weight_decay: 0.5 }
    const [all, some, none] = [
      await trained('plain', 'AdamW', decayed),
      await trained('plain', 'AdamW', { ...decayed, no_decay_norm_bias: true, encoder_lr_factor: 0.5 }),
      await trained('plain', 'AdamW', { ...decayed, weight_decay: 0 }),
    ]
    const after = ({ values }: typeof all, key: string) => values(key)[1]
    expect(after(some, 'decoder.blocks.0.conv1.1.weight')).toEqual(after(none, 'decoder.blocks.0.conv1.1.weight'))
    expect(after(some, 'decoder.blocks.0.conv1.0.weight')).toEqual(after(all, 'decoder.blocks.0.conv1.0.weight'))
  })

  it('on a card: whole vectors, cut and joined by the program, give what chunks give', async () => {
    const { gradient } = trainingProgram(model, [{ name: 'CrossEntropyLoss', weight: 1 }], size)
    const optimizer = optimizers.get('AdamP')
    const args = optimizer.arguments.parse({ weight_decay: 0.1, encoder_lr_factor: 0.5, no_decay_norm_bias: true })
    const update = updatePlan(optimizer, args, 1, { clipValue: 0.01, isAveraging: true })
    const { parameters, flatLength } = lowerGpu(inGroupOrder(gradient, update))
    const chunks = chunksOf(update, parameters, flatLength)
    expect(chunks.length).toBeGreaterThan(10)
    const vector = () => Float32Array.from({ length: flatLength }, () => random.next() - 0.5)
    const state = { parameters: vector(), gradient: vector(), ema: vector(), gradient_sum: vector() }
    const vectors: Record<string, Float32Array> = { ...state, square_sum: vector().map((value) => value * value) }
    const scalars = {
      ...stepScalars(optimizer, parameterGroups(args), constantRates(0.01), 3),
      ...{ ema_decay: 0.9, ema_share: 0.1 },
    }
    const single = Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, Float32Array.of(value)]))
    let offset = 0
    const chunked: Record<string, Float32Array> = {}
    for (const [chunk, { length }] of chunks.entries()) {
      for (const [name, values] of Object.entries(vectors))
        chunked[`${name}:${chunk}`] = values.slice(offset, offset + length)
      offset += length
    }
    const results = await Promise.all(
      [lowerGpu(update.build(chunks)), flattenChunks(lowerGpu(update.build(chunks)), chunks)].map(
        async (lowered, index) => {
          const session = await createSession(lowered.emitter, { threads: 1 })
          const made = await run(session, feedsFor(lowered, { ...(index === 0 ? chunked : vectors), ...single }))
          await session.release()
          return made
        },
      ),
    )
    for (const name of [...update.slots, 'parameters']) {
      const whole = results[1][`next:${name}`].data as Float32Array
      const parts = chunks.map((_, chunk) => results[0][`next:${name}:${chunk}`].data as Float32Array)
      expect(Buffer.concat(parts.map((part) => bytesOf(part))).equals(bytesOf(whole)), name).toBe(true)
      expect(bytesOf(whole).equals(bytesOf(vectors[name])), name).toBe(false)
    }
  })
})

/** Millions of numbers are not for a matcher. */
function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}

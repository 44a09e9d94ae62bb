import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Precision } from '../../src/core/experiment.ts'
import { stream } from '../../src/core/random.ts'
import type { NamedTensor } from '../../src/core/safetensors.ts'
import type { Engine } from '../../src/engines/engine.ts'
import { onnxEngine } from '../../src/engines/onnx/onnxEngine.ts'
import { isOperation, liveNodes, type Program } from '../../src/graph/program.ts'
import { initialState } from '../../src/model/initialize.ts'
import type { Network } from '../../src/model/network.ts'
import { optimizers } from '../../src/train/optimizers/registry.ts'
import { trainingProgram } from '../../src/train/programs.ts'
import { randomFactors } from '../../src/train/randomFactors.ts'
import { updatePlan } from '../../src/train/updatePlan.ts'
import { smallUnet } from './smallUnet.ts'

const adam = optimizers.get('Adam')
const args = adam.arguments.parse({})
const shape = { batch: 2, height: 64, width: 64, classes: 3 }

function built(
  encoder: string,
  isCheckpointing: boolean,
  precision: Precision = 'fp32',
): { network: Network; gradient: Program } {
  return trainingProgram(smallUnet(encoder), [{ name: 'CrossEntropyLoss', weight: 1 }], shape, {
    isCheckpointing,
    precision,
  })
}

/** Weights after three steps. */
async function trained(engine: Engine, { network, gradient }: ReturnType<typeof built>) {
  const training = await engine.compileTraining({ gradient, update: updatePlan(adam, args, null), accumulate: 1 })
  training.load(initialState(network.declarations, 0))
  const random = stream(3, 'test')
  const pixels = shape.batch * shape.height * shape.width
  const image = Float32Array.from({ length: 3 * pixels }, () => random.normal())
  const target = Int32Array.from({ length: pixels }, () => random.integer(3))
  for (let step = 1; step <= 3; step++) {
    await training.computeGradient({ image, target, ...randomFactors(network.randomInputs, shape.batch, 0, step) })
    await training.update(adam.scalars(args, 1e-3, step))
  }
  const weights = await training.save()
  await training.dispose()
  return weights
}

/** A digest of the bits of each tensor. */
function bits(weights: ReadonlyMap<string, NamedTensor>): Map<string, string> {
  const bytes = ({ data }: NamedTensor): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return new Map(
    Array.from(weights, ([key, tensor]) => [key, createHash('sha256').update(bytes(tensor)).digest('hex')]),
  )
}

// SiLU with squeeze and excitation, ReLU with skip connections, ReLU6.
describe.each(['efficientnet-b0', 'resnet18', 'mobilenet_v2'])('computing activations again, %s', (encoder) => {
  it.each(['auto', 'plain'] as const)('trains to the same bits (%s)', async (lowering) => {
    const { engine } = await onnxEngine({ threads: 1, lowering })
    const [kept, again] = [false, true].map((isCheckpointing) => built(encoder, isCheckpointing))
    expect(bits(await trained(engine, again))).toEqual(bits(await trained(engine, kept)))
  })

  it('leaves no BatchNorm whose map the backward pass reads', () => {
    const { gradient } = built(encoder, true)
    for (const node of liveNodes(gradient))
      if (isOperation(node, 'batchNormGradient')) expect(node.inputs[2].node.operation).toBe('batchNormAgain')
  })
})

it('computing activations again trains to the same bits in half precision', async () => {
  const { engine } = await onnxEngine({ threads: 1, lowering: 'plain' })
  const [kept, again] = [false, true].map((isCheckpointing) => built('mobilenet_v2', isCheckpointing, 'bf16'))
  expect(bits(await trained(engine, again))).toEqual(bits(await trained(engine, kept)))
})

describe('memory', () => {
  it('is half of what it was, where it is activations', async () => {
    const { engine } = await onnxEngine({ threads: 1, lowering: 'auto' })
    const [kept, again] = [false, true].map(
      (isCheckpointing) => engine.memoryOf!(built('efficientnet-b0', isCheckpointing).gradient).activationBytes,
    )
    expect(again / kept).toBeLessThan(0.6)
  })
})

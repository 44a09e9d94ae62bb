import { describe, expect, it } from 'vitest'
import type { ModelConfig } from '../../src/core/experiment.ts'
import { stream } from '../../src/core/random.ts'
import { onnxEngine } from '../../src/engines/onnx/onnxEngine.ts'
import { architectures } from '../../src/model/decoders/registry.ts'
import { initialState } from '../../src/model/initialize.ts'
import { buildNetwork } from '../../src/model/network.ts'
import { withoutAuxiliary } from '../../src/model/stateDict.ts'
import { optimizers } from '../../src/train/optimizers/registry.ts'
import { trainingProgram } from '../../src/train/programs.ts'
import { randomFactors } from '../../src/train/randomFactors.ts'
import { updatePlan } from '../../src/train/updatePlan.ts'

const { engine } = await onnxEngine({ threads: 1, lowering: 'auto' })
const size = { batch: 2, height: 32, width: 32, classes: 3 }
const losses = [
  { name: 'CrossEntropyLoss', weight: 1 },
  { name: 'BoundaryLoss', weight: 0.5 },
]

function modelOf(arch: string, deep_supervision: readonly number[] | null): ModelConfig {
  const { arguments: own } = architectures.get(arch)
  const given = {
    encoder_depth: 4,
    deep_supervision,
    ...(arch === 'UnetPlusPlus' ? { decoder_channels: [16, 8, 8, 8] } : {}),
  }
  return { encoder_name: 'resnet18', encoder_weights: null, in_channels: 3, ...own.parse(given), arch } as ModelConfig
}

/** Keys of the training network's state dict. */
function keysOf(model: ModelConfig, mode: 'training' | 'inference'): readonly string[] {
  return buildNetwork(model, { ...size, mode }).declarations.map(({ key }) => key)
}

const supervised = [
  { arch: 'UnetPlusPlus', weights: [0.5, 0.25], heads: ['x_0_1', 'x_0_2'] },
  { arch: 'PSPNet', weights: [0.4], heads: ['encoder'] },
  { arch: 'DeepLabV3', weights: [0.4], heads: ['encoder'] },
  { arch: 'DeepLabV3Plus', weights: [0.4], heads: ['encoder'] },
  { arch: 'UPerNet', weights: [0.4], heads: ['encoder'] },
]

describe.each(supervised)('deep supervision of $arch', ({ arch, weights }) => {
  const model = modelOf(arch, weights)

  it('adds its heads after the keys of the library, in training alone', () => {
    const without = keysOf(modelOf(arch, null), 'training')
    const trained = keysOf(model, 'training')
    expect(trained.slice(0, without.length)).toEqual(without)
    expect(trained.slice(without.length)).not.toEqual([])
    expect(keysOf(model, 'inference')).toEqual(without)
    const nothing = { shape: [0], data: new Float32Array() }
    expect([...withoutAuxiliary(new Map(trained.map((key) => [key, nothing]))).keys()]).toEqual(without)
  })
})

// The two kinds of heads.
describe.each(supervised.slice(0, 2))('training $arch', ({ arch, weights, heads }) => {
  const model = modelOf(arch, weights)

  it('sums the losses of every head, and trains it', async () => {
    const { network, gradient } = trainingProgram(model, losses, size)
    expect(network.auxiliary.map(({ name }) => name)).toEqual(heads)
    const sgd = optimizers.get('SGD')
    const args = sgd.arguments.parse({})
    const training = await engine.compileTraining({ gradient, update: updatePlan(sgd, args, null), accumulate: 1 })
    try {
      const random = stream(1, 'test')
      const pixels = size.batch * size.height * size.width
      const batch = {
        image: Float32Array.from({ length: 3 * pixels }, () => random.normal()),
        target: Int32Array.from({ length: pixels }, () => random.integer(size.classes)),
        signedDistances: Float32Array.from({ length: pixels * size.classes }, () => random.normal()),
        ...randomFactors(network.randomInputs, size.batch, 0, 0),
      }
      const initial = initialState(network.declarations, 0)
      training.load(initial)
      const results = await training.computeGradient(batch)
      const part = (name: string): number => results[`part:${name}`][0]
      const expected = [undefined, ...heads].reduce((sum, head, index) => {
        const end = head === undefined ? '' : ` ${head}`
        const share = index === 0 ? 1 : weights[index - 1]
        return sum + share * (part(`CrossEntropyLoss${end}`) + 0.5 * part(`BoundaryLoss${end}`))
      }, 0)
      expect(results['loss'][0]).toBeCloseTo(expected, 4)

      await training.update(sgd.scalars(args, 0.1, 1))
      const moved = await training.save()
      const key = network.declarations.filter(({ kind }) => kind === 'parameter').at(-1)!.key
      expect(key).toMatch(/^auxiliary\./)
      expect(moved.get(key)!.data).not.toEqual(initial.get(key)!.data)
    } finally {
      await training.dispose()
    }
  })
})

import { describe, expect, it } from 'vitest'
import type { ModelConfig } from '../../src/core/experiment.ts'
import { size } from '../../src/graph/tensor.ts'
import { initialState } from '../../src/model/initialize.ts'
import { buildNetwork, type Network } from '../../src/model/network.ts'
import { checkStateDict, type StateDict } from '../../src/model/stateDict.ts'

function network(encoder_name: string, changes: Partial<ModelConfig> = {}): Network {
  const config = { arch: 'Unet', encoder_name, encoder_weights: null, encoder_depth: 5, in_channels: 3, ...changes }
  return buildNetwork(config, { mode: 'inference', batch: 1, height: 32, width: 32, classes: 5 })
}

function floats(state: StateDict, key: string): Float32Array {
  return state.get(key)!.data as Float32Array
}

/** Standard deviation and largest magnitude, in units of what a uniform distribution ±bound has. */
function ofUniform(values: Float32Array, bound: number): readonly [number, number] {
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length)
  return [
    deviation / (bound / Math.sqrt(3)),
    values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) / bound,
  ]
}

describe('initialState', () => {
  const { declarations } = network('resnet18')
  const state = initialState(declarations, 7)

  it('has every declared tensor', () => {
    expect(() => {
      checkStateDict(declarations, state, 'the initial state')
    }).not.toThrow()
  })

  it('follows from the seed alone, tensor by tensor', () => {
    const key = 'encoder.layer3.0.conv1.weight'
    expect(floats(initialState(declarations, 7), key)).toEqual(floats(state, key))
    expect(floats(initialState(declarations, 8), key)).not.toEqual(floats(state, key))
    const other = network('resnet18', { decoder_channels: [64, 32, 16, 8, 8] })
    expect(floats(initialState(other.declarations, 7), key)).toEqual(floats(state, key))
    expect(floats(state, 'encoder.layer3.1.conv1.weight')).not.toEqual(floats(state, 'encoder.layer3.1.conv2.weight'))
  })

  it('starts decoders Kaiming-uniform and heads Xavier-uniform, without bias', () => {
    const [decoder, largest] = ofUniform(floats(state, 'decoder.blocks.0.conv1.0.weight'), Math.sqrt(6 / (768 * 9)))
    expect(decoder).toBeCloseTo(1, 2)
    expect(largest).toBeLessThanOrEqual(1 + 1e-6)
    const [head, headLargest] = ofUniform(floats(state, 'segmentation_head.0.weight'), Math.sqrt(6 / (16 * 9 + 5 * 9)))
    expect(Math.abs(head - 1)).toBeLessThan(0.1)
    expect(headLargest).toBeLessThanOrEqual(1 + 1e-6)
    expect([...floats(state, 'segmentation_head.0.bias')]).toEqual([0, 0, 0, 0, 0])
  })

  it('starts norms at 1 and 0, running statistics at 0 and 1, counters at 0', () => {
    const ends = { weight: 1, bias: 0, running_mean: 0, running_var: 1 }
    for (const [end, value] of Object.entries(ends))
      expect(new Set(floats(state, `encoder.layer1.0.bn1.${end}`))).toEqual(new Set([value]))
    expect(state.get('encoder.bn1.num_batches_tracked')!.data).toEqual(BigInt64Array.of(0n))
  })

  it('starts ResNets Kaiming-normal by fan_out', () => {
    const values = floats(state, 'encoder.layer4.0.conv1.weight')
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length)
    expect(deviation / Math.sqrt(2 / (512 * 9))).toBeCloseTo(1, 2)
  })

  it('starts SMP’s EfficientNets as torch starts any convolution', () => {
    const efficient = initialState(network('efficientnet-b0').declarations, 7)
    const [weight] = ofUniform(floats(efficient, 'encoder._blocks.15._project_conv.weight'), 1 / Math.sqrt(1152))
    expect(weight).toBeCloseTo(1, 2)
    const [, bias] = ofUniform(floats(efficient, 'encoder._blocks.15._se_expand.bias'), 1 / Math.sqrt(48))
    expect(bias).toBeGreaterThan(0.9)
    expect(bias).toBeLessThanOrEqual(1 + 1e-6)
  })

  it('starts a depthwise convolution of timm by the fan_out of one channel', () => {
    const lite = initialState(network('tu-tf_efficientnet_lite0').declarations, 7)
    const values = floats(lite, 'encoder.model.blocks.5.1.conv_dw.weight')
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length)
    expect(Math.abs(deviation / Math.sqrt(2 / 25) - 1)).toBeLessThan(0.03)
  })

  it('starts transformers and ConvNeXts with small weights, and what scales a branch near 0', () => {
    const deviationOf = (values: Float32Array): number =>
      Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length)
    const mixed = initialState(network('mit_b0', { arch: 'Segformer' }).declarations, 7)
    expect(deviationOf(floats(mixed, 'encoder.block4.0.mlp.fc1.weight')) / 0.02).toBeCloseTo(1, 2)
    expect(new Set(floats(mixed, 'encoder.block4.0.mlp.fc1.bias'))).toEqual(new Set([0]))
    const convolution = deviationOf(floats(mixed, 'encoder.patch_embed4.proj.weight'))
    expect(convolution / Math.sqrt(2 / (256 * 9))).toBeCloseTo(1, 2)
    const [linear] = ofUniform(floats(mixed, 'decoder.mlp_stage.0.linear.weight'), Math.sqrt(6 / (256 + 256)))
    expect(linear).toBeCloseTo(1, 2)

    const { declarations: next } = network('tu-convnext_tiny')
    const initialOf = (key: string): unknown => next.find((each) => each.key === `encoder.model.${key}`)!.initial
    expect(initialOf('stages_0.blocks.0.gamma')).toEqual({ kind: 'constant', value: 1e-6 })
    expect(initialOf('stages_0.blocks.0.conv_dw.weight')).toEqual({ kind: 'normal', deviation: 0.02 })
    expect(initialOf('stages_3.blocks.2.mlp.fc2.weight')).toEqual({ kind: 'normal', deviation: 0.02 })
    expect(initialOf('stem_0.bias')).toEqual({ kind: 'constant', value: 0 })
  })

  it('starts the stem anew where the image has other channels', () => {
    const { declarations: four } = network('resnet18', { in_channels: 4 })
    const stem = four.find(({ key }) => key === 'encoder.conv1.weight')!
    expect(size(stem.shape)).toBe(64 * 4 * 49)
    expect(stem.initial).toEqual({ kind: 'uniform', bound: 1 / Math.sqrt(4 * 49) })
  })
})

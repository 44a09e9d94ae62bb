import { describe, expect, it } from 'vitest'
import { buildNetwork } from '../../src/model/network.ts'
import type { FrozenStatistics } from '../../src/model/networkParts.ts'
import { runLowered } from '../engines/runLowered.ts'
import { lowerings } from '../parity/lowerings.ts'
import { formula, formulaState } from './formulaWeights.ts'
import { trainingProgram } from './programs.ts'

const [seed, side] = [21, 32]
const model = {
  arch: 'Unet',
  encoder_name: 'resnet18',
  encoder_weights: null,
  encoder_depth: 3,
  in_channels: 3,
  decoder_channels: [16, 16, 8],
  decoder_interpolation: 'nearest',
  decoder_attention_type: null,
}

interface Reference {
  readonly frozen: FrozenStatistics
  readonly loss: number
  /** L2 norm and sum of the gradient, by key. */
  readonly gradients: Readonly<Record<string, readonly [norm: number, sum: number]>>
}

/**
 * segmentation_models_pytorch 0.6.0 with torch 2.14.1 in float64: `Unet('resnet18', encoder_depth=3,
 * decoder_channels=(16, 16, 8))` in training, its BatchNorms (or the encoder's) in `eval()`, weights and input by formula.
 */
const references: readonly Reference[] = [
  {
    frozen: 'all',
    loss: 1.1435845074332722,
    gradients: {
      'encoder.conv1.weight': [0.07208241, 0.1126912],
      'encoder.bn1.weight': [0.02074204, 0.05162493],
      'encoder.bn1.bias': [0.01555481, 0.01959903],
      'encoder.layer1.1.bn2.weight': [0.01205046, 0.02043405],
      'encoder.layer2.0.conv1.weight': [0.1838833, 1.941447],
      'decoder.blocks.0.conv1.0.weight': [1.002475, 54.70726],
      'decoder.blocks.0.conv1.1.weight': [0.02705564, 0.05606922],
      'decoder.blocks.2.conv2.1.bias': [0.1341227, 0.1958628],
      'segmentation_head.0.weight': [0.3139796, 0],
    },
  },
  {
    frozen: 'encoder',
    loss: 1.2486266098338066,
    gradients: {
      'encoder.conv1.weight': [0.4476565, 1.182437],
      'encoder.bn1.weight': [0.03648633, -0.002252451],
      'encoder.bn1.bias': [0.02599078, -0.00382868],
      'encoder.layer1.1.bn2.weight': [0.01184741, 0.002698681],
      'encoder.layer2.0.conv1.weight': [0.3448003, -6.048474],
      'decoder.blocks.0.conv1.0.weight': [0.7569747, 2.697609],
      'decoder.blocks.0.conv1.1.weight': [0.01816328, 0.0009133828],
      'decoder.blocks.2.conv2.1.bias': [0.1000274, 0.2036071],
      'segmentation_head.0.weight': [0.5257744, 0],
    },
  },
]

const image = formula('frozen/input', 2 * 3 * side * side, seed, -2, 2)
const target = Int32Array.from(formula('frozen/target', 2 * side * side, seed, 0, 4), (value) => {
  const label = Math.floor(value)
  return label === 3 ? 255 : label
})

const all = await lowerings()

describe('BatchNorm with frozen statistics', () => {
  for (const { name, lower } of all)
    it.each(references)(`has torch's loss and gradients: $frozen (${name})`, async ({ frozen, loss, gradients }) => {
      const size = { batch: 2, height: side, width: side, classes: 3 }
      const network = buildNetwork(model, { ...size, mode: 'training', frozenStatistics: frozen })
      const state = formulaState(network.declarations, 'hash32-v1', seed)
      const floats = new Map(
        [...state].flatMap(([key, { data }]) => (data instanceof Float32Array ? [[key, data] as const] : [])),
      )
      const data = new Map<string, Float32Array | Int32Array>([
        ['image', image],
        ['target', target],
      ])
      const ran = await runLowered(lower(trainingProgram(network)), { parameters: floats, buffers: floats, data })
      expect(ran.results.get('loss')![0]).toBeCloseTo(loss, 5)
      for (const [key, [norm, sum]] of Object.entries(gradients)) {
        const gradient = ran.gradients.get(key)!
        expect(Math.abs(Math.hypot(...gradient) / norm - 1), key).toBeLessThan(1e-3)
        const ours = gradient.reduce((total, value) => total + value, 0)
        expect(Math.abs(ours - sum) / (norm * Math.sqrt(gradient.length)), key).toBeLessThan(1e-3)
      }
      const updated = [...network.updates.keys()]
      expect(updated.some((key) => key.startsWith('encoder.'))).toBe(false)
      expect(updated.length > 0).toBe(frozen === 'encoder')
    })
})

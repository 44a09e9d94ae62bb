import type { Misfit, ModelConfig } from '../core/experiment.ts'
import type { ArchitectureDefinition } from './decoders/architecture.ts'
import { architectures } from './decoders/registry.ts'
import type { EncoderDefinition } from './encoders/encoder.ts'
import { encoders } from './encoders/registry.ts'

/** What keeps an architecture and an encoder apart: from their declarations alone, before anything is built or loaded. */
export function misfitOf(config: ModelConfig): Misfit | undefined {
  const architecture = architectures.get(config.arch)
  const encoder = encoders.get(config.encoder_name)
  return depthMisfit(encoder, config) ?? halfMisfit(architecture, encoder, config) ?? scaleMisfit(architecture, encoder, config) // prettier-ignore
}

function depthMisfit(
  { name, isUsedWhole = false }: EncoderDefinition,
  { encoder_depth }: ModelConfig,
): Misfit | undefined {
  if (!isUsedWhole || encoder_depth === 5) return undefined
  return {
    key: 'encoder_depth',
    message: `Encoder "${name}" is used with all of its stages only.`,
    allowed: ['encoder_depth 5'],
    hint: 'Set encoder_depth to 5, or choose another encoder.',
  }
}

/** Decoders that weld every scale to the next lose everything at one without channels. */
function halfMisfit(
  { name, needsHalf }: ArchitectureDefinition,
  encoder: EncoderDefinition,
  config: ModelConfig,
): Misfit | undefined {
  if (encoder.outChannels[0] > 0 || needsHalf?.(config) !== true) return undefined
  const depth = config.encoder_depth
  const fitting = architectures.all.filter((other) => other.needsHalf?.(config) !== true)
  return {
    key: 'encoder_name',
    message: `${name} at encoder_depth ${depth} reads features at half the image's size; encoder "${encoder.name}" has none.`,
    allowed: encoders.all.filter(({ outChannels: [channels] }) => channels > 0).map((other) => other.name),
    hint: `Choose one of these encoders, or an architecture that does without: ${fitting.map((other) => other.name).join(', ')}.`,
  }
}

function scaleMisfit(
  { name, scales = 0 }: ArchitectureDefinition,
  encoder: EncoderDefinition,
  config: ModelConfig,
): Misfit | undefined {
  const depth = config.encoder_depth
  const found = encoder.outChannels.slice(0, depth).filter((channels) => channels > 0).length
  if (found >= scales) return undefined
  return {
    key: 'encoder_depth',
    message: `${name} joins ${scales} scales; encoder "${encoder.name}" has ${found} at encoder_depth ${depth}.`,
    allowed: [`encoder_depth ${depth + scales - found}${depth + scales - found < 5 ? ' or more' : ''}`],
    hint: 'Use more stages of the encoder, or choose another architecture.',
  }
}

import { input } from '../graph/sources.ts'
import { size } from '../graph/tensor.ts'
import type { EncoderDefinition } from './encoders/encoder.ts'
import { NetworkBuilder } from './networkBuilder.ts'
import type { Declaration } from './networkParts.ts'

/** Every tensor that an encoder has over RGB images, whatever network stands on it. */
export function encoderDeclarations({ build }: EncoderDefinition): readonly Declaration[] {
  const builder = new NetworkBuilder('inference')
  build(builder, input(builder.graph, 'image', [1, 3, 64, 64]), 5)
  return builder.declarations
}

/** What its tensors take in a file: float32, and int64 for counters. A file may hold a classifier as well. */
export function encoderBytes(encoder: EncoderDefinition): number {
  return encoderDeclarations(encoder).reduce(
    (sum, { kind, shape }) => sum + (kind === 'counter' ? 8 : 4 * size(shape)),
    0,
  )
}

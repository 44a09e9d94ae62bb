import type { ModelConfig } from '../../src/core/experiment.ts'

/** A U-Net that a test compiles in a second. */
export function smallUnet(encoder: string): ModelConfig {
  return {
    arch: 'Unet',
    encoder_name: encoder,
    encoder_weights: null,
    encoder_depth: 4,
    in_channels: 3,
    decoder_channels: [32, 20, 16, 8],
  }
}

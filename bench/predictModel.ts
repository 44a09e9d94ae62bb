import type { ModelConfig } from '../src/core/experiment.ts'

/** The U-Net that predictions are timed with. */
export function benchModel(encoder: string): ModelConfig {
  return {
    arch: 'Unet',
    encoder_name: encoder,
    encoder_weights: null,
    encoder_depth: 5,
    in_channels: 3,
    decoder_channels: [256, 128, 64, 32, 16],
    decoder_interpolation: 'nearest',
    decoder_attention_type: null,
  }
}

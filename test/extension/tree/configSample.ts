import type { ExperimentConfig } from '../../../src/core/experiment.ts'
import { defaultInference } from '../../../src/core/inferenceSettings.ts'

/** What a run of the sample project records. */
export const baselineConfig: ExperimentConfig = {
  model: {
    arch: 'Unet',
    encoder_name: 'tu-tf_efficientnet_lite0',
    encoder_weights: null,
    encoder_depth: 5,
    in_channels: 3,
    decoder_channels: [256, 128, 64, 32, 16],
  },
  loss: [{ name: 'CrossEntropyLoss', weight: 1, label_smoothing: 0 }],
  optimizer: { name: 'Adam', lr: 1e-3, weight_decay: 0, betas: [0.9, 0.999] },
  scheduler: { name: 'CosineAnnealingLR', eta_min: 0 },
  augment: [{ name: 'HorizontalFlip', p: 0.5 }],
  data: { image_size: [256, 256], batch_size: 8, accumulate_grad_batches: 1 },
  train: { epochs: 1, seed: 0, clip_grad_norm: null },
  inference: defaultInference,
}

/**
 * What an experiment that says nothing is: every experiment extends it. Arguments left out here come from the defaults of
 * their definitions.
 */
export const builtInBaseline = {
  model: { arch: 'Unet', encoder_name: 'efficientnet-b0', encoder_weights: null },
  loss: [{ name: 'CrossEntropyLoss', weight: 1 }],
  optimizer: { name: 'Adam' },
  scheduler: { name: 'CosineAnnealingLR' },
  augment: [{ name: 'HorizontalFlip', p: 0.5 }],
} as const

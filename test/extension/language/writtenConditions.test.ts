import { expect, it } from 'vitest'
import { writtenConditions } from '../../../src/extension/language/writtenConditions.ts'

it('says what a file sets, a line per section in the order of an experiment', () => {
  const file = {
    hypothesis: 'not a condition',
    data: { image_size: null, batch_size: 4 },
    optimizer: { name: 'Adam', lr: 0.002, betas: [0.9, 0.99] },
    model: { arch: 'Unet', encoder_name: 'resnet34' },
    loss: [{ name: 'CrossEntropyLoss' }, { name: 'DiceLoss', weight: 0.5, smooth: 1 }],
    augment: [{ name: 'HorizontalFlip', p: 0.5 }, { name: 'Transpose' }],
  }
  expect(writtenConditions(file)).toEqual([
    'model: Unet, encoder_name resnet34',
    'loss: CrossEntropyLoss + DiceLoss × 0.5',
    'optimizer: Adam, lr 0.002, betas [0.9,0.99]',
    'augment: HorizontalFlip, Transpose',
    'data: image_size null, batch_size 4',
  ])
})

it('says nothing of a file that sets nothing', () => {
  expect(writtenConditions({ hypothesis: 'later', train: {}, augment: [] })).toEqual([])
})

import { describe, expect, it } from 'vitest'
import { conditionsAgainst, ownConditions } from '../../../src/extension/panels/runConditions.ts'
import { baselineConfig } from '../tree/configSample.ts'

const baseline = { config: { ...baselineConfig }, splitHash: 'a1' }

describe('the conditions of a run', () => {
  it('are what differs from the baseline', () => {
    const { optimizer, augment } = baselineConfig
    const config = {
      ...baselineConfig,
      optimizer: { ...optimizer, name: 'AdamW' },
      augment: [...augment, { name: 'CoarseDropout', p: 1 }],
    }
    expect(conditionsAgainst({ config, splitHash: 'a1' }, baseline)).toEqual([
      'optimizer: Adam → AdamW',
      'augmentation: + CoarseDropout',
    ])
  })

  it('tell of another split', () => {
    expect(conditionsAgainst({ ...baseline, splitHash: 'b2' }, baseline)).toEqual(['split: a1 → b2'])
  })

  it('are none where it is the same, and unknown where a later version recorded them', () => {
    expect(conditionsAgainst(baseline, baseline)).toEqual([])
    expect(conditionsAgainst({ config: { stages: [] }, splitHash: 'a1' }, baseline)).toBeUndefined()
  })

  it('are told in the words of the file where there is nothing to differ from', () => {
    expect(ownConditions(baseline)).toEqual([
      'Unet / tu-tf_efficientnet_lite0',
      'CrossEntropyLoss',
      'Adam, lr 0.001',
      'CosineAnnealingLR',
      'HorizontalFlip',
      'image_size 256 × 256',
      'batch_size 8',
      'epochs 1',
    ])
    expect(ownConditions({ config: { stages: [] }, splitHash: 'a1' })).toEqual([])
  })
})

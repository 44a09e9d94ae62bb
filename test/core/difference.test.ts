import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { differences } from '../../src/core/difference.ts'
import { parseExperiment, type ExperimentConfig } from '../../src/core/experiment.ts'
import { testSchema } from './registries.ts'

type Value = Readonly<Record<string, unknown>>

function config(value: Value = {}): ExperimentConfig {
  return parseExperiment(value, testSchema, () => ({}))
}

function words(before: Value, after: Value): string[] {
  return differences(config(before), config(after)).map((difference) => difference.words)
}

const flip = { name: 'HorizontalFlip' }
const vertical = { name: 'VerticalFlip' }
const dropout = { name: 'CoarseDropout', max_holes: 4 }
const entropy = { name: 'CrossEntropyLoss' }
const dice = { name: 'DiceLoss', weight: 0.5 }

describe('differences', () => {
  it('follows transforms into those that hold them', () => {
    const augment = (...list: Value[]): ExperimentConfig =>
      ({ ...config(), augment: list }) as unknown as ExperimentConfig
    const before = augment({ name: 'OneOf', transforms: [flip, { name: 'SomeOf', transforms: [dropout] }] })
    const inner = { name: 'SomeOf', transforms: [{ ...dropout, max_holes: 8 }, flip] }
    const found = differences(before, augment({ name: 'OneOf', transforms: [inner] }))
    expect(found.map(({ path, words }) => `${path} ${words}`)).toEqual([
      'augment[0].transforms[0].transforms[0].max_holes CoarseDropout max_holes: 4 → 8',
      'augment[0].transforms[0].transforms[1] augmentation: + HorizontalFlip',
      'augment[0].transforms[0] augmentation: − HorizontalFlip',
    ])
  })

  it.each<[string, Value, Value, string[]]>([
    ['a loss more', {}, { loss: [entropy, dice] }, ['loss: + DiceLoss × 0.5']],
    ['a loss less', { loss: [entropy, dice] }, {}, ['loss: − DiceLoss × 0.5']],
    ['another loss', {}, { loss: [{ name: 'DiceLoss' }] }, ['loss: CrossEntropyLoss → DiceLoss']],
    [
      'another weight of a loss',
      { loss: [entropy, dice] },
      { loss: [entropy, { ...dice, weight: 1 }] },
      ['DiceLoss weight: 0.5 → 1'],
    ],
    ['the order of losses', { loss: [entropy, dice] }, { loss: [dice, entropy] }, []],
    ['another optimizer', {}, { optimizer: { name: 'AdamW', weight_decay: 0 } }, ['optimizer: Adam → AdamW']],
    [
      'an optimizer with its own default',
      {},
      { optimizer: { name: 'AdamW' } },
      ['optimizer: Adam → AdamW (weight_decay 0 → 0.01)'],
    ],
    ['the learning rate', {}, { optimizer: { lr: 3e-4 } }, ['lr: 0.001 → 0.0003']],
    [
      'optimizer and learning rate',
      {},
      { optimizer: { name: 'SGD', lr: 0.1 } },
      ['optimizer: Adam → SGD', 'lr: 0.001 → 0.1'],
    ],
    ['a mix', {}, { mix: { name: 'CutMix' } }, ['mixing: + CutMix']],
    ['no mix', { mix: { name: 'CutMix' } }, {}, ['mixing: − CutMix']],
    [
      'another mix',
      { mix: { name: 'CutMix' } },
      { mix: { name: 'Mixup', p: 1 } },
      ['mixing: CutMix → Mixup (alpha 1 → 0.4)', 'p: 0.5 → 1'],
    ],
    ['the share of a mix', { mix: { name: 'Mixup' } }, { mix: { name: 'Mixup', alpha: 1 } }, ['alpha: 0.4 → 1']],
    ['another schedule', {}, { scheduler: { name: 'constant' } }, ['scheduler: CosineAnnealingLR → constant']],
    [
      'one transform more in a replaced list',
      { augment: [flip] },
      { augment: [dropout, flip] },
      ['augmentation: + CoarseDropout'],
    ],
    [
      'another transform in the middle',
      { augment: [flip, vertical, dropout] },
      { augment: [flip, { name: 'Normalize' }, dropout] },
      ['augmentation: VerticalFlip → Normalize'],
    ],
    [
      'another argument of a transform',
      { augment: [flip, dropout] },
      { augment: [flip, { ...dropout, max_holes: 8 }] },
      ['CoarseDropout max_holes: 4 → 8'],
    ],
    [
      'the order of transforms',
      { augment: [flip, dropout] },
      { augment: [dropout, flip] },
      ['augmentation: CoarseDropout moved'],
    ],
    ['the size', {}, { data: { image_size: [512, 384] } }, ['image_size: [256, 256] → [512, 384]']],
    [
      'batch and accumulation at equal product',
      {},
      { data: { batch_size: 4, accumulate_grad_batches: 2 } },
      ['batch × accumulated: 8 × 1 → 4 × 2'],
    ],
    [
      'batch and accumulation at another product',
      {},
      { data: { batch_size: 4, accumulate_grad_batches: 4 } },
      ['batch_size: 8 → 4', 'accumulate_grad_batches: 1 → 4'],
    ],
    ['the architecture', {}, { model: { arch: 'FPN' } }, ['model: Unet → FPN']],
    [
      'encoder and its weights',
      {},
      { model: { encoder_name: 'resnet34', encoder_weights: 'imagenet' } },
      ['encoder_name: efficientnet-b0 → resnet34', 'encoder_weights: null → imagenet'],
    ],
    [
      'epochs and clipping',
      {},
      { train: { epochs: 40, clip_grad_norm: 1 } },
      ['clip_grad_norm: null → 1', 'epochs: 20 → 40'],
    ],
    [
      'activations that are computed again',
      {},
      { train: { checkpoint_activations: true } },
      ['checkpoint_activations: false → true'],
    ],
    ['numbers of half the size', {}, { train: { precision: 'fp16' } }, ['precision: fp32 → fp16']],
    ['the seed', {}, { train: { seed: 3 } }, []],
  ])('%s', (_, before, after, expected) => {
    expect(words(before, after)).toEqual(expected)
  })

  it('say condition, path and both values', () => {
    expect(differences(config(), config({ model: { encoder_weights: 'imagenet' } }))).toEqual([
      {
        condition: 'encoder weights',
        path: 'model.encoder_weights',
        before: null,
        after: 'imagenet',
        words: 'encoder_weights: null → imagenet',
      },
    ])
    const [removed] = differences(config({ loss: [dice, entropy] }), config())
    expect(removed).toMatchObject({ condition: 'loss', path: 'loss[0]', before: dice, after: undefined })
  })

  it('tell another split where both sides recorded one', () => {
    const found = differences({ ...config(), splitHash: 'a' }, { ...config(), splitHash: 'b' })
    expect(found).toEqual([{ condition: 'split', path: 'split', before: 'a', after: 'b', words: 'split: a → b' }])
  })

  it('windows of validation count, and without them neither overlap nor blend', () => {
    const windowed = { inference: { window: [64, 64], overlap: 0.5 } }
    expect(words({}, windowed)).toEqual(['window: whole → [64, 64]'])
    expect(words({}, { inference: { overlap: 0.5, blend: 'constant' } })).toEqual([])
    expect(words(windowed, { inference: { ...windowed.inference, overlap: 0.25, blend: 'constant' } })).toEqual([
      'overlap: 0.5 → 0.25',
      'blend: gaussian → constant',
    ])
  })

  it('a run that recorded no inference settings saw whole images', () => {
    const { inference, ...older } = config()
    expect(differences(older as ExperimentConfig, { ...older, inference })).toEqual([])
  })
})

describe('laws of differences', () => {
  const losses = fc.array(fc.constantFrom<Value>(entropy, dice, { ...dice, weight: 2 }, { name: 'FocalLoss' }), {
    minLength: 1,
    maxLength: 4,
  })
  const augment = fc.array(
    fc.constantFrom<Value>(flip, vertical, dropout, { ...dropout, p: 1 }, { name: 'Normalize' }),
    { maxLength: 5 },
  )
  const optimizer = fc.constantFrom<Value>(
    { name: 'Adam' },
    { name: 'AdamW' },
    { name: 'SGD', momentum: 0.9 },
    { lr: 0.1 },
  )
  const model = fc.constantFrom<Value>({}, { arch: 'FPN' }, { encoder_depth: 4 }, { decoder_channels: [32, 16, 8] })
  const data = fc.record({ batch_size: fc.constantFrom(4, 8), accumulate_grad_batches: fc.constantFrom(1, 2) })
  const train = fc.record({ seed: fc.nat(3), epochs: fc.constantFrom(10, 20) })
  const experiments = fc.record({ loss: losses, augment, optimizer, model, data, train }).map(config)

  it('an experiment does not differ from itself', () => {
    fc.assert(
      fc.property(experiments, (one) => {
        expect(differences(one, structuredClone(one))).toEqual([])
      }),
    )
  })

  it('no difference means equal up to the seed and the order of losses', () => {
    const essence = ({ train, loss, ...rest }: ExperimentConfig): string =>
      JSON.stringify({ ...rest, train: { ...train, seed: 0 }, loss: loss.map((one) => JSON.stringify(one)).sort() })
    fc.assert(
      fc.property(experiments, experiments, (a, b) => {
        const isEqual = essence(a) === essence(b)
        expect(differences(a, b).length === 0).toBe(isEqual)
      }),
    )
  })

  it('there are as many differences in both directions', () => {
    fc.assert(
      fc.property(experiments, experiments, (a, b) => {
        expect(differences(a, b).length).toBe(differences(b, a).length)
      }),
    )
  })
})

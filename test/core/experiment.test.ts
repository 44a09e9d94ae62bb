import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { registry } from '../../src/core/definition.ts'
import { UserError } from '../../src/core/errors.ts'
import { experimentSchema, parseExperiment, type ExperimentConfig } from '../../src/core/experiment.ts'
import { parseExperimentFile } from '../../src/core/experimentFile.ts'
import { pathText, type ValuePath } from '../../src/core/issues.ts'
import { testRegistries, testSchema } from './registries.ts'

const locate = (path: ValuePath): { file: string; line: number } => ({ file: `at ${pathText(path)}`, line: 4 })

function parse(value: Readonly<Record<string, unknown>>): ExperimentConfig {
  return parseExperiment(value, testSchema, locate)
}

/** The UserError of an experiment that is wrong. */
function refusal(value: Readonly<Record<string, unknown>>): UserError {
  try {
    parse(value)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error('accepted')
}

describe('an experiment', () => {
  it('that says nothing is the built-in baseline', () => {
    expect(parse({})).toEqual({
      model: {
        arch: 'Unet',
        encoder_name: 'efficientnet-b0',
        encoder_weights: null,
        encoder_depth: 5,
        in_channels: 3,
        decoder_channels: [256, 128, 64, 32, 16],
      },
      loss: [{ name: 'CrossEntropyLoss', weight: 1 }],
      optimizer: { name: 'Adam', lr: 0.001, weight_decay: 0, beta1: 0.9 },
      scheduler: { name: 'CosineAnnealingLR', T_max: null, eta_min: 0 },
      augment: [{ name: 'HorizontalFlip', p: 0.5 }],
      mix: null,
      data: {
        image_size: [256, 256],
        batch_size: 8,
        accumulate_grad_batches: 1,
        sampler: 'shuffle',
        foreground_share: 0.5,
      },
      train: {
        epochs: 20,
        seed: 0,
        clip_grad_norm: null,
        checkpoint_activations: false,
        precision: 'fp32',
        monitor: null,
        early_stopping: null,
        freeze_encoder_epochs: 0,
        freeze_batchnorm: 'none',
      },
      inference: { window: 'whole', overlap: 0.25, blend: 'gaussian', tta: 'none', tta_scales: [1] },
    })
  })

  it('keeps the section it changes only in part', () => {
    expect(parse({ optimizer: { lr: 3e-4 } }).optimizer).toEqual({
      name: 'Adam',
      lr: 3e-4,
      weight_decay: 0,
      beta1: 0.9,
    })
    expect(parse({ model: { encoder_name: 'resnet34', encoder_weights: 'imagenet' } }).model).toMatchObject({
      arch: 'Unet',
      encoder_weights: 'imagenet',
    })
  })

  it('takes whole images or a window of a size, nothing else', () => {
    expect(parse({ inference: { window: [512, 384] } }).inference).toMatchObject({ window: [512, 384], overlap: 0.25 })
    for (const inference of [{ window: 512 }, { window: [512, 16] }, { overlap: 1 }, { blend: 'mean' }])
      expect(() => parse({ inference })).toThrow(UserError)
  })

  it("takes a method's own default of a common argument", () => {
    expect(parse({ optimizer: { name: 'AdamW' } }).optimizer.weight_decay).toBe(0.01)
    expect(parse({ augment: [{ name: 'Normalize' }, { name: 'VerticalFlip' }] }).augment.map(({ p }) => p)).toEqual([
      1, 0.5,
    ])
  })

  it('may have no augmentation and the native size', () => {
    expect(parse({ augment: [], data: { image_size: null } })).toMatchObject({
      augment: [],
      data: { image_size: null },
    })
  })

  it('parses to itself', () => {
    const config = parse({ model: { arch: 'FPN' }, loss: [{ name: 'DiceLoss', weight: 0.5 }] })
    expect(parse({ ...config })).toEqual(config)
  })
})

describe('a wrong experiment', () => {
  it.each([
    ['unknown section', { optimiser: {} }, 'Unknown key "optimiser".', 'optimizer'],
    ['unknown key', { data: { batchsize: 4 } }, 'Unknown key "data.batchsize".', 'batch_size'],
    ["another method's argument", { optimizer: { beta: 0.9 } }, 'Unknown key "optimizer.beta".', 'beta1'],
    [
      'unknown argument in a list',
      { loss: [{ name: 'DiceLoss', smoth: 1 }] },
      'Unknown key "loss[0].smoth".',
      'smooth',
    ],
    ['unknown method', { loss: [{ name: 'CrossEntropy' }] }, '"loss[0].name" names nothing known.', 'CrossEntropyLoss'],
    [
      'unknown encoder',
      { model: { encoder_name: 'resnet43' } },
      '"model.encoder_name" is not one of the allowed values.',
      'resnet34',
    ],
  ])('%s: names the nearest', (_, value, message, nearest) => {
    const { message: said, details } = refusal(value)
    expect(said).toBe(message)
    expect(details.hint).toBe(`Did you mean "${nearest}"?`)
    expect(details.allowed).toContain(nearest)
  })

  it.each([
    ['below the range', { optimizer: { lr: 0 } }, 'optimizer.lr', 0, '> 0'],
    ['above the range', { augment: [{ name: 'HorizontalFlip', p: 1.5 }] }, 'augment[0].p', 1.5, '≤ 1'],
    ['not whole', { train: { epochs: 2.5 } }, 'train.epochs', 2.5, 'a whole number'],
    ['text for a number', { data: { batch_size: '8' } }, 'data.batch_size', '8', 'number'],
    ['too few numbers', { data: { image_size: [256] } }, 'data.image_size', [256], 'a list of length ≥ 2'],
    ['no loss', { loss: [] }, 'loss', [], 'a list of length ≥ 1'],
    ['depth', { model: { encoder_depth: 2 } }, 'model.encoder_depth', 2, '≥ 3'],
  ])('%s: says where, which value and what is allowed', (_, value, path, given, allowed) => {
    const { message, details } = refusal(value)
    expect(message).toContain(`"${path}"`)
    expect(details).toMatchObject({ file: `at ${path}`, line: 4, value: given })
    expect(details.allowed).toBe(allowed)
  })

  it('encoder weights that do not exist: says which do, and which encoders have them', () => {
    const { message, details } = refusal({ model: { encoder_name: 'hrnet', encoder_weights: 'ssl' } })
    expect(message).toContain('"ssl" does not exist for encoder "hrnet"')
    expect(details).toMatchObject({
      value: 'ssl',
      allowed: ['imagenet', 'null'],
      hint: 'Encoders that have ssl: resnet34.',
    })
  })

  it("a definition's own rule over two arguments", () => {
    expect(refusal({ augment: [{ name: 'CoarseDropout', min_holes: 9 }] }).message).toContain(
      'min_holes must not exceed max_holes',
    )
  })

  it('several mistakes: the first, and how many more', () => {
    expect(refusal({ train: { epochs: 0, seed: -1 } }).message).toMatch(/"train.epochs".*1 more thing is wrong/)
  })
})

describe('experimentSchema', () => {
  it('refuses a definition whose argument hides a key of the file', () => {
    const losses = registry([
      { name: 'CrossEntropyLoss', summary: '', arguments: z.object({ weight: z.array(z.number()) }) },
    ])
    expect(() => experimentSchema({ ...testRegistries, losses })).toThrow('"weight"')
  })
})

describe('an experiment file', () => {
  it('keeps what was written and fills nothing in', () => {
    const file = { extends: 'baseline', hypothesis: 'smaller steps help', optimizer: { lr: 1e-4 } }
    expect(parseExperimentFile(file, locate)).toEqual(file)
  })

  it.each([
    [{ extend: 'baseline' }, 'Unknown key "extend"'],
    [{ extends: '../secret' }, '"extends"'],
    [{ loss: { name: 'DiceLoss' } }, '"loss" is of the wrong type'],
    [{ augment: [{ p: 1 }] }, '"augment[0].name" is missing'],
    [[], 'The file is of the wrong type'],
    [undefined, 'The file is missing'],
  ])('refuses %j', (value, message) => {
    expect(() => parseExperimentFile(value, locate)).toThrow(message)
  })
})

import * as z from 'zod'
import { registry, type Definition } from '../../src/core/definition.ts'
import { experimentSchema, type EncoderDefinition } from '../../src/core/experiment.ts'
import { schedulers } from '../../src/core/schedulers/registry.ts'

function define(name: string, shape: z.ZodRawShape = {}): Definition {
  return { name, summary: `${name} in a test.`, arguments: z.object(shape) }
}

function encoder(name: string, weights: readonly string[]): EncoderDefinition {
  return { ...define(name), weights }
}

const beta = z.number().min(0).max(1).default(0.9).describe('Decay of the first moment.')
const coarseDropout: Definition = {
  name: 'CoarseDropout',
  summary: 'Hides boxes.',
  arguments: z
    .object({ max_holes: z.int().min(1).default(8), min_holes: z.int().min(1).default(1) })
    .refine((value) => value.min_holes <= value.max_holes, {
      message: 'min_holes must not exceed max_holes.',
      path: ['min_holes'],
    }),
}

/** A small stand-in for the registries that the other rooms declare. */
export const testRegistries = {
  architectures: registry(
    [define('Unet', { decoder_channels: z.array(z.int().min(1)).default([256, 128, 64, 32, 16]) }), define('FPN')],
    'architecture',
  ),
  encoders: registry(
    [
      encoder('efficientnet-b0', ['imagenet', 'advprop']),
      encoder('resnet34', ['imagenet', 'ssl']),
      encoder('hrnet', ['imagenet']),
    ],
    'encoder',
  ),
  losses: registry(
    [define('CrossEntropyLoss'), define('DiceLoss', { smooth: z.number().min(0).default(0) }), define('FocalLoss')],
    'loss',
  ),
  optimizers: registry(
    [
      define('Adam', { beta1: beta }),
      define('AdamW', { beta1: beta, weight_decay: z.number().min(0).default(0.01) }),
      define('SGD', { momentum: z.number().min(0).default(0) }),
    ],
    'optimizer',
  ),
  schedulers,
  transforms: registry(
    [
      define('HorizontalFlip'),
      define('VerticalFlip'),
      coarseDropout,
      define('Normalize', { p: z.number().min(0).max(1).default(1) }),
    ],
    'transform',
  ),
  mixes: registry(
    [
      {
        name: 'CutMix',
        summary: '',
        arguments: z.object({ alpha: z.number().default(1), p: z.number().default(0.5) }),
      },
      {
        name: 'Mixup',
        summary: '',
        arguments: z.object({ alpha: z.number().default(0.4), p: z.number().default(0.5) }),
      },
    ],
    'mix',
  ),
}

export const testSchema = experimentSchema(testRegistries)

import * as z from 'zod'
import type { Definition, Registry } from './definition.ts'
import { builtInBaseline } from './baseline.ts'
import { inferenceSchema } from './inference.ts'
import type { InferenceSettings } from './inferenceSettings.ts'
import { parseWith, type Locate } from './issues.ts'
import { mergeConditions, type Conditions } from './merge.ts'
import { samplerArguments } from './samplers/registry.ts'
import { trainingExtras } from './trainingExtras.ts'

/** A method and its arguments. Read them typed with `registry.get(name).arguments.parse(config)`, which drops the other keys. */
export interface NamedArguments {
  readonly name: string
  readonly [argument: string]: unknown
}
export interface ModelConfig {
  readonly arch: string
  readonly encoder_name: string
  readonly encoder_weights: string | null
  readonly encoder_depth: number
  readonly in_channels: number
  /** The architecture's own arguments, e.g. `decoder_channels`. */
  readonly [argument: string]: unknown
}
export interface LossConfig extends NamedArguments {
  readonly weight: number
}
export interface OptimizerConfig extends NamedArguments {
  readonly lr: number
  readonly weight_decay: number
}
export interface TransformConfig extends NamedArguments {
  readonly p: number
}

/** An encoder says which pretrained weights exist for it; an empty list where there are none. */
export interface EncoderDefinition extends Definition {
  readonly weights: readonly string[]
}

/** Everything that can be named in an experiment; each registry is declared in the room that implements it. */
export interface ExperimentRegistries {
  readonly architectures: Registry
  readonly encoders: Registry<EncoderDefinition>
  readonly losses: Registry
  readonly optimizers: Registry
  readonly schedulers: Registry
  readonly transforms: Registry
  readonly mixes: Registry
  /** What keeps an architecture and an encoder, each right for itself, from going together. */
  readonly misfitOf?: (model: ModelConfig) => Misfit | undefined
}

/** Why an architecture and an encoder do not go together. */
export interface Misfit {
  /** Of the model, at fault. */
  readonly key: 'encoder_name' | 'encoder_depth'
  readonly message: string
  readonly allowed: readonly string[]
  readonly hint: string
}

/** Under the names of torch's users; what they mean in a graph is `numberForm` of train/precision.ts. */
export const precisions = ['fp32', 'fp16', 'bf16'] as const
export type Precision = (typeof precisions)[number]

const imageSide = z.int().min(8).max(8192)

const dataSchema = z.strictObject({
  image_size: z
    .tuple([imageSide, imageSide])
    .nullable()
    .default([256, 256])
    .describe(
      '[height, width] in pixels to which training and validation images are resized before everything else; null keeps the native size, and validation is then on whole images.',
    ),
  batch_size: z.int().min(1).max(4096).default(8).describe('Images per batch.'),
  accumulate_grad_batches: z
    .int()
    .min(1)
    .max(4096)
    .default(1)
    .describe(
      'Batches whose gradients are averaged before one optimizer step. Not quite a larger batch: BatchNorm takes its statistics from each small batch, and losses over a whole batch (Dice, Jaccard, Tversky) see only theirs.',
    ),
  ...samplerArguments,
})

/** timm's ModelEmaV2, with the warm-up of its ModelEmaV3. */
const averageSchema = z.strictObject({
  decay: z
    .number()
    .min(0)
    .lt(1)
    .default(0.999)
    .describe('Share of the average that each optimizer step keeps; its memory is about 1 / (1 − decay) steps.'),
  warmup: z
    .boolean()
    .default(false)
    .describe('Begin with a small share, 1 − step^(−2/3): a short run does not drag its initial weights along.'),
})

type DataSettings = z.infer<typeof dataSchema>
type DataConfig = Omit<DataSettings, keyof typeof samplerArguments> &
  Partial<Pick<DataSettings, keyof typeof samplerArguments>>

const trainSchema = z.strictObject({
  epochs: z.int().min(1).max(100_000).default(20).describe('Passes over the training images.'),
  seed: z
    .int()
    .min(0)
    .max(4294967295)
    .default(0)
    .describe(
      'Seed of weights, order, augmentation and dropout; not a condition: repeat a run with other seeds to learn its spread.',
    ),
  clip_grad_norm: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe('Largest L2 norm of all gradients together; larger ones are scaled down to it. null does not clip.'),
  clip_grad_value: z
    .number()
    .positive()
    .nullable()
    .optional()
    .describe(
      'Largest size of any element of the gradient; larger ones are cut to it, after clip_grad_norm where both are given. null does not clip.',
    ),
  ema: averageSchema
    .nullable()
    .optional()
    .describe(
      'Exponential moving average of the weights and of the running statistics of BatchNorm: validation, the best checkpoint and predictions use it in place of the weights. null keeps none.',
    ),
  checkpoint_activations: z
    .boolean()
    .default(false)
    .describe(
      'Keep less of the forward pass and compute its cheap parts (BatchNorm, activations, skip connections) again in the backward pass: the same numbers in less memory (up to a third), a little slower.',
    ),
  precision: z
    .enum(precisions)
    .default('fp32')
    .describe(
      'Numbers in which convolutions compute while training. fp16 (with dynamic loss scaling) and bf16 are mixed precision, as torch.autocast: weights, optimizer, BatchNorm, losses and all sums stay float32, and so do validation and prediction. Only where the device gains from it: fp16 on graphics cards, nothing on processors.',
    ),
  ...trainingExtras,
})

/** Runs that were recorded before there was a choice lack its key: they did what its default says. */
type LaterChoice = 'checkpoint_activations' | 'precision' | keyof typeof trainingExtras
type TrainSettings = z.infer<typeof trainSchema>
type TrainConfig = Omit<TrainSettings, LaterChoice> & Partial<Pick<TrainSettings, LaterChoice>>

/** An experiment with every default filled in: what a run records and the differ compares. */
export interface ExperimentConfig {
  readonly model: ModelConfig
  readonly loss: readonly LossConfig[]
  readonly optimizer: OptimizerConfig
  readonly scheduler: NamedArguments
  readonly augment: readonly TransformConfig[]
  /** Absent in runs that were recorded before there was one: they mixed nothing. */
  readonly mix?: TransformConfig | null
  readonly data: Readonly<DataConfig>
  readonly train: Readonly<TrainConfig>
  readonly inference: InferenceSettings
}

/** One definition's arguments plus the keys that all of its kind have; a definition may redeclare those with its own default. */
function option(definition: Definition, discriminator: 'name' | 'arch', common: z.ZodRawShape): z.ZodObject {
  const own = definition.arguments.shape
  const reserved = ['name', 'arch', 'weight'].find((key) => key in own)
  if (reserved !== undefined)
    throw new Error(
      `${definition.name} may not have an argument called "${reserved}": the experiment file uses that key itself`,
    )
  const shared = Object.entries(common).filter(([key]) => !(key in own))
  // Extending the definition's own object keeps its refinements.
  return definition.arguments
    .safeExtend({
      [discriminator]: z.literal(definition.name).describe(definition.summary),
      ...Object.fromEntries(shared),
    })
    .strict()
}

function oneOf({ all }: Registry, discriminator: 'name' | 'arch', common: z.ZodRawShape): z.ZodType {
  const options = all.map((definition) => option(definition, discriminator, common))
  if (options.length === 0) throw new Error(`No definition to choose ${discriminator} from`)
  return z.discriminatedUnion(discriminator, options as unknown as [z.core.$ZodTypeDiscriminable])
}

function modelSchema({ architectures, encoders, misfitOf }: ExperimentRegistries): z.ZodType {
  const union = oneOf(architectures, 'arch', {
    encoder_name: z
      .enum(encoders.names)
      .default(builtInBaseline.model.encoder_name)
      .describe('Backbone, under its segmentation_models_pytorch name.'),
    encoder_weights: z
      .string()
      .nullable()
      .default(null)
      .describe('Pretrained weights of the encoder, e.g. imagenet; null starts from random ones.'),
    encoder_depth: z
      .int()
      .min(3)
      .max(5)
      .default(5)
      .describe('Number of encoder stages used; each halves the resolution.'),
    in_channels: z.int().min(1).max(64).default(3).describe('Channels of the input image.'),
  })
  return union.superRefine((value, context) => {
    const misfit = misfitOf?.(value as ModelConfig)
    if (misfit !== undefined) {
      const { key, message, allowed, hint } = misfit
      context.addIssue({ code: 'custom', path: [key], message, params: { allowed, hint } })
    }
    const { encoder_name: name, encoder_weights: weights } = value as ModelConfig
    if (weights === null) return
    const { weights: available } = encoders.get(name)
    if (available.includes(weights)) return
    const others = encoders.all.filter((encoder) => encoder.weights.includes(weights)).map((encoder) => encoder.name)
    const hint =
      others.length === 0
        ? undefined
        : `Encoders that have ${weights}: ${others.slice(0, 8).join(', ')}${others.length > 8 ? ' …' : ''}.`
    const message = `"${weights}" does not exist for encoder "${name}".`
    context.addIssue({
      code: 'custom',
      path: ['encoder_weights'],
      message,
      params: { allowed: [...available, 'null'], hint },
    })
  })
}

/** The schema of a whole experiment over the methods that exist; unknown keys are errors. */
export function experimentSchema(registries: ExperimentRegistries): z.ZodType<ExperimentConfig> {
  const { losses, optimizers, schedulers, transforms, mixes } = registries
  const loss = oneOf(losses, 'name', {
    weight: z.number().positive().default(1).describe('Factor of this loss in the sum of losses.'),
  })
  const optimizer = oneOf(optimizers, 'name', {
    lr: z.number().positive().default(1e-3).describe('Learning rate per optimizer step, before the schedule.'),
    weight_decay: z.number().min(0).default(0).describe('Strength of weight decay.'),
  })
  const transform = oneOf(transforms, 'name', {
    p: z.number().min(0).max(1).default(0.5).describe('Probability that the transform is applied to an image.'),
  })
  const schema = z.strictObject({
    model: modelSchema(registries).describe('Network: architecture, encoder and their arguments.'),
    loss: z
      .array(loss)
      .min(1)
      .describe('Losses whose weighted sum is minimised.')
      .meta({ default: builtInBaseline.loss }),
    optimizer: optimizer.describe('How gradients change the weights.'),
    scheduler: oneOf(schedulers, 'name', {}).describe('Learning rate of each epoch.'),
    augment: z
      .array(transform)
      .describe('Random transforms of training images, applied in this order.')
      .meta({ default: builtInBaseline.augment }),
    mix: oneOf(mixes, 'name', {})
      .nullable()
      .default(null)
      .describe(
        'How the images of a training batch are mixed with one another after augmentation; null mixes nothing.',
      ),
    data: dataSchema.prefault({}).describe('Size and batches of images.'),
    train: trainSchema.prefault({}).describe('Length and seed of training.'),
    inference: inferenceSchema.prefault({}).describe('Whole images or sliding windows in validation and prediction.'),
  })
  return schema as unknown as z.ZodType<ExperimentConfig>
}

/**
 * The resolved conditions (see resolveExperiment) as a full configuration; what they leave out comes from the built-in
 * baseline and the methods' own defaults.
 * @throws UserError naming path, value and what is allowed, at the place that `locate` gives
 */
export function parseExperiment(
  value: Conditions,
  schema: z.ZodType<ExperimentConfig>,
  locate: Locate,
): ExperimentConfig {
  return parseWith(schema, mergeConditions(builtInBaseline, value), locate)
}

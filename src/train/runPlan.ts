import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { preparePipeline, pipelineSize } from '../augment/pipeline.ts'
import type { Size } from '../augment/sample.ts'
import { UserError } from '../core/errors.ts'
import { parseExperiment, type ExperimentConfig, type LossConfig } from '../core/experiment.ts'
import type { Project } from '../core/projectSchema.ts'
import { samplerOf } from '../core/samplers/registry.ts'
import { countClassPixels } from '../data/classPixels.ts'
import type { ImagePair } from '../data/folders.ts'
import { listPairs } from '../data/formats/registry.ts'
import { splitPairs } from '../data/imageFacts.ts'
import { maskRules, type MaskRules } from '../data/maskRules.ts'
import { maskDigest } from '../data/masks/maskSource.ts'
import { readPairSizes } from '../data/pairSizes.ts'
import { loadExperiment } from '../runs/experiments.ts'
import { readProject } from '../runs/project.ts'
import type { Workspace } from '../runs/workspace.ts'
import { experimentSchema } from './experimentSchema.ts'
import { checkMix } from './mixing.ts'
import { balancedLosses, checkClassArguments, isBalanced } from './lossPlan.ts'
import { checkMonitors } from './monitors.ts'
import { checkNetwork } from './networkCheck.ts'

/** Everything that is decided before the first image is decoded. */
export interface RunPlan {
  readonly experiment: string
  readonly fold: number
  readonly seed: number
  /** As resolved from the files: what is recorded and compared. */
  readonly config: ExperimentConfig
  /** Epochs that the schedule of learning rates reckons with: those of the experiment, also in a shorter debug run. */
  readonly scheduleEpochs: number
  /** The same losses with "balanced" weights as numbers. */
  readonly loss: readonly LossConfig[]
  readonly project: Project
  readonly rules: MaskRules
  readonly train: readonly ImagePair[]
  /** Pixels of each class in the training images, where a loss or the sampler asks for them; else empty. */
  readonly pixels: ReadonlyMap<ImagePair, readonly number[]>
  readonly validation: readonly ImagePair[]
  /** Size of training batches. */
  readonly size: Size
  readonly splitHash: string
  readonly dataHash: string
  readonly configHash: string
  readonly projectHash: string
  readonly warnings: readonly string[]
}

/**
 * Reads project, experiment and data set, and checks all of it.
 * @param seed null takes the experiment's own
 * @throws UserError for whatever the user can mend, with file and line
 */
export async function planRun(
  workspace: Workspace,
  experiment: string,
  fold: number,
  seed: number | null,
): Promise<RunPlan> {
  const { project } = readProject(workspace)
  const { conditions, locate } = loadExperiment(workspace, experiment)
  const parsed = parseExperiment(conditions, experimentSchema, locate)
  checkChannels(parsed)
  checkClassArguments(parsed, project)
  checkMonitors(parsed, project)
  checkMix(parsed)
  return planWith(
    workspace,
    project,
    { ...parsed, train: { ...parsed.train, seed: seed ?? parsed.train.seed } },
    { experiment, fold },
  )
}

/** The same from a configuration that a run recorded. */
export async function planWith(
  workspace: Workspace,
  project: Project,
  config: ExperimentConfig,
  { experiment, fold }: { readonly experiment: string; readonly fold: number },
): Promise<RunPlan> {
  const { pairs, warnings } = await listPairs({ root: workspace.root, ...project.dataset })
  const { folds, hash: splitHash, warnings: splitWarnings } = await splitPairs(workspace.root, project, pairs)
  if (fold >= folds.length)
    throw new UserError(`There is no fold ${fold}.`, {
      value: fold,
      allowed: `0 … ${folds.length - 1}`,
      hint: 'Choose one of these, or change "split" in foldwise/project.jsonc.',
      code: 'unknown-fold',
    })
  const byName = new Map(pairs.map((pair) => [pair.name, pair]))
  const [train, validation] = [folds[fold].train, folds[fold].validation].map((names) =>
    names.map((name) => byName.get(name)!),
  )
  const sizes = await readPairSizes(train)
  const { image_size: resize } = config.data
  const entering = resize === null ? sizes : [{ height: resize[0], width: resize[1] }]
  const rules = maskRules(project)
  const size = pipelineSize(preparePipeline(config.augment), ...entering)
  checkNetwork(config, {
    classes: rules.classes.count,
    training: size,
    batch: Math.min(config.data.batch_size, train.length),
    validation: resize === null ? await readPairSizes(validation) : entering,
  })
  const pixels = await pixelsOf(config, train, rules)
  const balanced = balancedLosses(config.loss, [...pixels.values()], rules)
  return {
    experiment,
    fold,
    seed: config.train.seed,
    config,
    scheduleEpochs: config.train.epochs,
    loss: balanced.losses,
    project,
    rules,
    train,
    pixels,
    validation,
    size,
    splitHash,
    dataHash: digestOf(pairs),
    configHash: hashOf(config),
    projectHash: hashOf(project),
    warnings: [...warnings, ...splitWarnings, ...balanced.warnings],
  }
}

function checkChannels({ model }: ExperimentConfig): void {
  if (model.in_channels !== 3)
    throw new UserError('Images are read as RGB: the network must take 3 channels.', {
      value: model.in_channels,
      allowed: 'in_channels 3',
      hint: 'Leave in_channels out; grey images are repeated over the three channels.',
      code: 'in-channels',
    })
}

/** Decodes the training masks once for all that asks for their classes; empty where nothing does. */
async function pixelsOf(
  { loss, data }: ExperimentConfig,
  train: readonly ImagePair[],
  rules: MaskRules,
): Promise<RunPlan['pixels']> {
  if (!loss.some(isBalanced) && samplerOf(data.sampler) === undefined) return new Map()
  const { perMask } = await countClassPixels(
    train.map(({ mask }) => mask),
    rules,
  )
  return new Map(train.map((pair, index) => [pair, perMask[index].pixels]))
}

/** Names and sizes of files, and what annotations say: enough to see that a data set is another one, without reading gigabytes. */
function digestOf(pairs: readonly ImagePair[]): string {
  const hash = createHash('sha256')
  for (const { name, image, mask } of pairs) hash.update(`${name}\0${statSync(image).size}\0${maskDigest(mask)}\n`)
  return hash.digest('hex')
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}

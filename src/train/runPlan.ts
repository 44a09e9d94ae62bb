import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { preparePipeline, pipelineSize } from '../augment/pipeline.ts'
import type { Size } from '../augment/sample.ts'
import { UserError } from '../core/errors.ts'
import { parseExperiment, type ExperimentConfig, type LossConfig } from '../core/experiment.ts'
import type { Project } from '../core/projectSchema.ts'
import { countClassPixels } from '../data/classPixels.ts'
import { pairFolders, type ImagePair } from '../data/folders.ts'
import { splitPairs } from '../data/imageFacts.ts'
import { maskRules, type MaskRules } from '../data/maskRules.ts'
import { readPairSizes } from '../data/pairSizes.ts'
import { loadExperiment } from '../runs/experiments.ts'
import { readProject } from '../runs/project.ts'
import type { Workspace } from '../runs/workspace.ts'
import { experimentSchema } from './experimentSchema.ts'
import { checkMix } from './mixing.ts'

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
  const { images, masks } = project.dataset
  const { pairs, warnings } = await pairFolders({ root: workspace.root, images, masks })
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
  return {
    experiment,
    fold,
    seed: config.train.seed,
    config,
    scheduleEpochs: config.train.epochs,
    loss: await balancedLosses(config.loss, train, rules),
    project,
    rules,
    train,
    validation,
    size: pipelineSize(preparePipeline(config.augment), ...entering),
    splitHash,
    dataHash: digestOf(pairs),
    configHash: hashOf(config),
    projectHash: hashOf(project),
    warnings: [...warnings, ...splitWarnings],
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

/** Arguments with one entry per class, and lists of classes, must fit the project. */
function checkClassArguments({ loss }: ExperimentConfig, { dataset }: Project): void {
  const count = dataset.classes.length
  for (const { name, class_weights: weights, classes } of loss) {
    if (Array.isArray(weights) && weights.length !== count)
      throw new UserError(`${name}: class_weights has ${weights.length} entries for ${count} classes.`, {
        value: weights,
        allowed: `${count} numbers, in the order of ascending class ids`,
        code: 'class-weights',
      })
    const outside = Array.isArray(classes) ? classes.filter((index: number) => index >= count) : []
    if (outside.length > 0 || (Array.isArray(classes) && classes.length === 0))
      throw new UserError(
        `${name}: "classes" names ${outside.length === 0 ? 'no class' : 'classes that do not exist'}.`,
        {
          value: classes,
          allowed: `indices 0 … ${count - 1}, at least one`,
          code: 'loss-classes',
        },
      )
  }
}

/** n / (C · n_c) over the training pixels, as scikit-learn's "balanced"; a class without pixels gets 0. */
async function balancedLosses(
  losses: readonly LossConfig[],
  train: readonly ImagePair[],
  rules: MaskRules,
): Promise<readonly LossConfig[]> {
  if (losses.every(({ class_weights: weights }) => weights !== 'balanced')) return losses
  const { pixels } = await countClassPixels(
    train.map(({ mask }) => mask),
    rules,
  )
  const sum = pixels.reduce((left, right) => left + right, 0)
  const weights = pixels.map((count) => (count === 0 ? 0 : sum / (pixels.length * count)))
  return losses.map((loss) => (loss['class_weights'] === 'balanced' ? { ...loss, class_weights: weights } : loss))
}

/** Names and sizes of files: enough to see that a data set is another one, without reading gigabytes. */
function digestOf(pairs: readonly ImagePair[]): string {
  const hash = createHash('sha256')
  for (const { name, image, mask } of pairs) hash.update(`${name}\0${statSync(image).size}\0${statSync(mask).size}\n`)
  return hash.digest('hex')
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}

import { UserError } from '../core/errors.ts'
import type { ExperimentConfig, LossConfig } from '../core/experiment.ts'
import type { Project } from '../core/projectSchema.ts'
import { countClassPixels } from '../data/classPixels.ts'
import type { ImagePair } from '../data/folders.ts'
import type { MaskRules } from '../data/maskRules.ts'

/** @throws UserError where arguments with one entry per class, or lists of classes, do not fit the project */
export function checkClassArguments({ loss }: ExperimentConfig, { dataset }: Project): void {
  const count = dataset.classes.length
  for (const config of loss) {
    const { name, class_weights: weights, classes } = config
    checkBinary(config, count)
    const { pos_weight: positive } = config
    if (Array.isArray(positive) && positive.length !== count)
      throw new UserError(`${name}: pos_weight has ${positive.length} entries for ${count} classes.`, {
        value: positive,
        allowed: `one number, or ${count} in the order of ascending class ids`,
        code: 'class-weights',
      })
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

/** Mode binary is of one logit: the second class against the first. */
function checkBinary({ name, mode, ...args }: LossConfig, classes: number): void {
  if (mode !== 'binary') return
  if (classes !== 2)
    throw new UserError(`${name}: mode "binary" is for projects of two classes, and this one has ${classes}.`, {
      value: mode,
      allowed: 'multiclass (softmax) or multilabel (each class against the rest)',
      code: 'loss-mode',
    })
  const perClass = ['classes', 'class_weights', 'pos_weight'].find((key) => Array.isArray(args[key]))
  if (perClass !== undefined)
    throw new UserError(`${name}: mode "binary" has no "${perClass}" by class: it is one logit.`, {
      value: args[perClass],
      hint: `Leave ${perClass} out, or take mode multiclass.`,
      code: 'loss-mode',
    })
}

/** n / (C · n_c) over the training pixels, as scikit-learn's "balanced"; a class without pixels gets 0. */
export async function balancedLosses(
  losses: readonly LossConfig[],
  train: readonly ImagePair[],
  rules: MaskRules,
): Promise<{ readonly losses: readonly LossConfig[]; readonly warnings: readonly string[] }> {
  if (losses.every(({ class_weights: weights }) => weights !== 'balanced')) return { losses, warnings: [] }
  const { pixels } = await countClassPixels(
    train.map(({ mask }) => mask),
    rules,
  )
  const sum = pixels.reduce((left, right) => left + right, 0)
  const weights = pixels.map((count) => (count === 0 ? 0 : sum / (pixels.length * count)))
  const absent = rules.classes.names.filter((_, index) => pixels[index] === 0)
  return {
    losses: losses.map((loss) => (loss['class_weights'] === 'balanced' ? { ...loss, class_weights: weights } : loss)),
    warnings:
      absent.length === 0
        ? []
        : [`"balanced" gives the weight 0 to classes without a pixel in the training images: ${absent.join(', ')}.`],
  }
}

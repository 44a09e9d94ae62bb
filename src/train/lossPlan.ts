import { UserError } from '../core/errors.ts'
import type { ExperimentConfig, LossConfig } from '../core/experiment.ts'
import type { Project } from '../core/projectSchema.ts'
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

/** Whether a loss asks for the pixels of each class in the training masks. */
export function isBalanced({ class_weights: weights }: LossConfig): boolean {
  return weights === 'balanced'
}

/**
 * n / (C · n_c) over the training pixels, as scikit-learn's "balanced"; a class without pixels gets 0.
 * @param images pixels of each class in every training image; read only where a loss is balanced
 */
export function balancedLosses(
  losses: readonly LossConfig[],
  images: readonly (readonly number[])[],
  { classes }: MaskRules,
): { readonly losses: readonly LossConfig[]; readonly warnings: readonly string[] } {
  if (!losses.some(isBalanced)) return { losses, warnings: [] }
  const pixels = classes.names.map((_, c) => images.reduce((sum, counts) => sum + counts[c], 0))
  const sum = pixels.reduce((left, right) => left + right, 0)
  const weights = pixels.map((count) => (count === 0 ? 0 : sum / (pixels.length * count)))
  const absent = classes.names.filter((_, index) => pixels[index] === 0)
  return {
    losses: losses.map((loss) => (isBalanced(loss) ? { ...loss, class_weights: weights } : loss)),
    warnings:
      absent.length === 0
        ? []
        : [`"balanced" gives the weight 0 to classes without a pixel in the training images: ${absent.join(', ')}.`],
  }
}

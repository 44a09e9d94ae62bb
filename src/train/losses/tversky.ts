import * as z from 'zod'
import { defineLoss } from './loss.ts'
import { overlapArguments, overlapLoss } from './overlap.ts'
import { power } from './power.ts'

const weight = z.number().min(0)
const exponent = z.number().positive()

/** TverskyLoss of segmentation_models_pytorch 0.6.0; its γ acts on the mean over classes. */
export const tversky = defineLoss({
  name: 'TverskyLoss',
  summary: 'One minus the soft Tversky coefficient, averaged over classes and raised to gamma; absent classes add 0.',
  arguments: z.object({
    ...overlapArguments,
    alpha: weight.default(0.5).describe('Weight of false positives.'),
    beta: weight.default(0.5).describe('Weight of false negatives.'),
    gamma: exponent.default(1).describe('Power of the mean over classes.'),
  }),
  build: ({ scores, args }) => power(overlapLoss(scores, args, args), args.gamma),
})

/**
 * The same loss with the numbers of Abraham & Khan 2019 as defaults: their α = 0.7 weighs false negatives, as beta does
 * here, and their 1/γ = 0.75 is gamma. The power is taken of the mean over classes, as in segmentation_models_pytorch.
 */
export const focalTversky = defineLoss({
  name: 'FocalTverskyLoss',
  summary: 'TverskyLoss to a power: false negatives weigh more, and a loss that is nearly solved keeps its slope.',
  arguments: z.object({
    ...overlapArguments,
    alpha: weight.default(0.3).describe('Weight of false positives.'),
    beta: weight.default(0.7).describe('Weight of false negatives.'),
    gamma: exponent.default(0.75).describe('Power of the mean over classes.'),
  }),
  build: ({ scores, args }) => power(overlapLoss(scores, args, args), args.gamma),
})

import * as z from 'zod'
import { defineLoss } from './loss.ts'
import { overlapArguments, overlapLoss } from './overlap.ts'

/** DiceLoss of segmentation_models_pytorch 0.6.0: soft Dice over batch and pixels. */
export const dice = defineLoss({
  name: 'DiceLoss',
  summary: 'One minus the soft Dice coefficient of each class, averaged over classes; absent classes add 0.',
  arguments: z.object(overlapArguments),
  build: ({ scores, args }) => overlapLoss(scores, args, { alpha: 0.5, beta: 0.5 }),
})

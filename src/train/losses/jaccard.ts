import * as z from 'zod'
import { defineLoss } from './loss.ts'
import { overlapArguments, overlapLoss } from './overlap.ts'

/** JaccardLoss of segmentation_models_pytorch 0.6.0: soft intersection over union over batch and pixels. */
export const jaccard = defineLoss({
  name: 'JaccardLoss',
  summary: 'One minus the soft intersection over union of each class, averaged over classes; absent classes add 0.',
  arguments: z.object(overlapArguments),
  build: ({ scores, args }) => overlapLoss(scores, args, { alpha: 1, beta: 1 }),
})

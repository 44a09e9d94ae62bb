import * as z from 'zod'
import { divide, maximum, multiply, total } from '../../graph/elementwise.ts'
import { constant } from '../../graph/sources.ts'
import { defineLoss } from './loss.ts'

/** Boundary loss (Kervadec et al. 2019): softmax weighed by the signed distance to the true boundary of each class. */
export const boundary = defineLoss({
  name: 'BoundaryLoss',
  summary:
    'Probability of each class times the signed distance of the pixel to its boundary; to be added to a loss of regions such as DiceLoss, with a small weight.',
  arguments: z.object({
    classes: z
      .array(z.int().min(0))
      .nullable()
      .default(null)
      .describe('Indices of the classes that count, e.g. without the background; null: all.'),
  }),
  pixelInputs: ['signedDistances'],
  build: ({ scores, args: { classes: chosen } }) => {
    const { probabilities, valid, classes } = scores
    const weighed = multiply(multiply(probabilities, scores.pixelInput('signedDistances')), valid)
    const counted =
      chosen === null ? weighed : multiply(weighed, constant(valid.graph, columns(chosen, classes), [classes]))
    return divide(total(counted), multiply(maximum(total(valid), 1), new Set(chosen).size || classes))
  },
})

/** 1 for each class that counts. */
function columns(chosen: readonly number[], classes: number): Float32Array {
  return Float32Array.from({ length: classes }, (_, label) => Number(chosen.includes(label)))
}

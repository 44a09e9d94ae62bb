import * as z from 'zod'
import { add, divide, maximum, multiply, subtract, total } from '../../graph/elementwise.ts'
import { defineLoss } from './loss.ts'
import { power } from './power.ts'

/**
 * The one-sided form of the Hausdorff distance loss by distance transforms (Karimi & Salcudean 2019; the two-sided one is
 * MONAI's HausdorffDTLoss): the squared error of each class weighed by its distance to the true boundary. The other side
 * would be the distance transform of the prediction, in the middle of a compiled step (docs/decisions).
 */
export const hausdorffDistanceOneSided = defineLoss({
  name: 'HausdorffDTOneSidedLoss',
  summary:
    'Squared error of the probabilities times a power of the distance to the true boundary: what is wrong far from it weighs most.',
  arguments: z.object({
    alpha: z.number().positive().default(2).describe('Power of the distance in pixels.'),
  }),
  pixelInputs: ['signedDistances'],
  build: ({ scores, args: { alpha } }) => {
    const { probabilities, truth, valid, classes } = scores
    const signed = scores.pixelInput('signedDistances')
    // Inside, the signed distance is 1 − D: back to D, the distance to the nearest pixel outside.
    const distance = add(signed, multiply(truth, subtract(1, multiply(signed, 2))))
    const error = subtract(probabilities, truth)
    const weighed = multiply(multiply(multiply(error, error), power(distance, alpha)), valid)
    return divide(total(weighed), multiply(maximum(total(valid), 1), classes))
  },
})

import * as z from 'zod'
import { add, exp, log, multiply, negate } from '../../graph/elementwise.ts'
import { defineLoss } from './loss.ts'
import { overlapArguments, overlapLoss } from './overlap.ts'

/** Jadon 2020, "A survey of loss functions for semantic segmentation": log(cosh(Dice loss)) over the Dice loss of `dice`. */
export const logCoshDice = defineLoss({
  name: 'LogCoshDiceLoss',
  summary: 'log(cosh(DiceLoss)): the Dice loss with a slope that fades as it nears 0.',
  arguments: z.object(overlapArguments),
  build: ({ scores, args }) => {
    const loss = overlapLoss(scores, args, { alpha: 0.5, beta: 0.5 })
    return log(multiply(add(exp(loss), exp(negate(loss))), 0.5))
  },
})

import * as z from 'zod'
import type { Scheduler } from './scheduler.ts'

const args = z.object({
  total_iters: z
    .int()
    .min(1)
    .nullable()
    .default(5)
    .describe('Epochs down to a rate of 0, which then stays; null takes train.epochs.'),
  power: z.number().min(0).default(1).describe('Power of the polynomial; 1 is a straight line, 0.9 is usual.'),
})

/** PolynomialLR of torch 2.15, whose default of five epochs is kept; there is no null in torch. */
export const polynomialLr: Scheduler<typeof args> = {
  name: 'PolynomialLR',
  summary: 'A power of the remaining share of total_iters, down to 0.',
  arguments: args,
  rate: (baseLr, t, { total_iters: total, power }, epochs) => {
    const length = total ?? epochs
    return baseLr * (1 - Math.min(t, length) / length) ** power
  },
}

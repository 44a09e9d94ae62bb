import * as z from 'zod'
import type { Scheduler } from './scheduler.ts'

const args = z.object({
  start_factor: z
    .number()
    .positive()
    .max(1)
    .default(1 / 3)
    .describe('Factor of the rate in the first epoch.'),
  end_factor: z.number().min(0).max(1).default(1).describe('Factor of the rate from epoch total_iters on.'),
  total_iters: z
    .int()
    .min(1)
    .nullable()
    .default(5)
    .describe('Epochs from start_factor to end_factor; null takes train.epochs.'),
})

/** LinearLR of torch 2.15, whose default of five epochs is kept; there is no null in torch. */
export const linearLr: Scheduler<typeof args> = {
  name: 'LinearLR',
  summary: 'A straight line between two factors of the rate, which then stays.',
  arguments: args,
  rate: (baseLr, t, { start_factor: start, end_factor: end, total_iters: total }, epochs) => {
    const length = total ?? epochs
    return baseLr * (start + ((end - start) * Math.min(t, length)) / length)
  },
}

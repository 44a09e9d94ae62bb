import * as z from 'zod'
import type { Scheduler } from './scheduler.ts'

const args = z.object({
  gamma: z.number().positive().describe('Factor of the rate from each epoch to the next.'),
})

/** ExponentialLR of torch 2.15. */
export const exponentialLr: Scheduler<typeof args> = {
  name: 'ExponentialLR',
  summary: 'The rate falls by the factor gamma in every epoch.',
  arguments: args,
  rate: (baseLr, t, { gamma }) => baseLr * gamma ** t,
}

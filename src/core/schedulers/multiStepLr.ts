import * as z from 'zod'
import type { Scheduler } from './scheduler.ts'

const args = z.object({
  milestones: z
    .array(z.int().min(1))
    .min(1)
    .describe('Epochs, counted from 0, from which on the rate is smaller; one that stands twice counts twice.'),
  gamma: z.number().positive().default(0.1).describe('Factor of the rate at each milestone.'),
})

/** MultiStepLR of torch 2.15. */
export const multiStepLr: Scheduler<typeof args> = {
  name: 'MultiStepLR',
  summary: 'The rate falls by the factor gamma at each milestone.',
  arguments: args,
  rate: (baseLr, t, { milestones, gamma }) => baseLr * gamma ** milestones.filter((milestone) => milestone <= t).length,
}

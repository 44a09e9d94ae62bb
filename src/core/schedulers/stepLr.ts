import * as z from 'zod'
import type { Scheduler } from './scheduler.ts'

const args = z.object({
  step_size: z.int().min(1).describe('Epochs between two falls.'),
  gamma: z.number().positive().default(0.1).describe('Factor of the rate at each fall.'),
})

/** StepLR of torch 2.15. */
export const stepLr: Scheduler<typeof args> = {
  name: 'StepLR',
  summary: 'The rate falls by the factor gamma every step_size epochs.',
  arguments: args,
  rate: (baseLr, t, { step_size: length, gamma }) => baseLr * gamma ** Math.floor(t / length),
}

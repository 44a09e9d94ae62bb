import * as z from 'zod'
import type { Scheduler } from './scheduler.ts'

const args = z.object({})

/** Plain constant. Not torch's ConstantLR, which starts at a third of the rate for five epochs. */
export const constant: Scheduler<typeof args> = {
  name: 'constant',
  summary: 'The same learning rate in every epoch.',
  arguments: args,
  rate: (baseLr) => baseLr,
}

import * as z from 'zod'
import { cyclePlace } from './cycle.ts'
import { halfCosine } from './halfCosine.ts'
import type { Scheduler } from './scheduler.ts'

const args = z.object({
  T_0: z.int().min(1).describe('Epochs of the first cycle.'),
  T_mult: z.int().min(1).default(1).describe('Factor of the length of a cycle to the one before.'),
  eta_min: z.number().min(0).default(0).describe('Learning rate that each cycle goes down to.'),
})

/** CosineAnnealingWarmRestarts of torch 2.15 (SGDR, Loshchilov & Hutter 2017). */
export const cosineWarmRestarts: Scheduler<typeof args> = {
  name: 'CosineAnnealingWarmRestarts',
  summary: 'Half a cosine down to eta_min, then again from the full rate.',
  arguments: args,
  rate: (baseLr, t, { T_0: first, T_mult: factor, eta_min: lowest }) => {
    const { epoch, length } = cyclePlace(t, first, (before) => before * factor)
    return halfCosine(baseLr, lowest, epoch, length)
  },
}

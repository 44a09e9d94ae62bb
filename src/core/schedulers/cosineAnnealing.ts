import * as z from 'zod'
import { halfCosine } from './halfCosine.ts'
import type { Scheduler } from './scheduler.ts'

const args = z.object({
  T_max: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('Epochs from the full rate down to eta_min; null takes train.epochs. Beyond it the rate rises again.'),
  eta_min: z.number().min(0).default(0).describe('Lowest learning rate.'),
})

/** CosineAnnealingLR of torch 2.15 (Loshchilov & Hutter 2017, without restarts). */
export const cosineAnnealing: Scheduler<typeof args> = {
  name: 'CosineAnnealingLR',
  summary: 'Half a cosine from the full learning rate down to eta_min.',
  arguments: args,
  rate: (baseLr, t, { T_max: half, eta_min: lowest }, epochs) => halfCosine(baseLr, lowest, t, half ?? epochs),
}

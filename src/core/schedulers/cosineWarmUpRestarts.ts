import * as z from 'zod'
import { cyclePlace } from './cycle.ts'
import { halfCosine } from './halfCosine.ts'
import type { Scheduler } from './scheduler.ts'

const args = z
  .object({
    T_0: z.int().min(1).describe('Epochs of the first cycle, its warm-up included.'),
    T_mult: z
      .int()
      .min(1)
      .default(1)
      .describe('Factor of the length of a cycle without its warm-up to the one before.'),
    eta_max: z.number().positive().default(0.1).describe('Learning rate at the peak of the first cycle.'),
    T_up: z.int().min(0).default(0).describe('Epochs of warm-up at the start of each cycle; fewer than T_0.'),
    gamma: z.number().positive().default(1).describe('Factor of the peak from each cycle to the next.'),
  })
  .refine((value) => value.T_up < value.T_0, { message: 'T_up must be less than T_0.', path: ['T_up'] })

/**
 * CosineAnnealingWarmUpRestarts as competition write-ups carry it (no library has it). The optimizer's lr is the bottom of
 * each cycle, not its peak: it is small.
 */
export const cosineWarmUpRestarts: Scheduler<typeof args> = {
  name: 'CosineAnnealingWarmUpRestarts',
  summary: "In each cycle a line from the optimizer's (small) lr up to eta_max, then half a cosine back to it.",
  arguments: args,
  rate: (baseLr, t, { T_0: first, T_mult: factor, eta_max: highest, T_up: up, gamma }) => {
    const { cycle, epoch, length } = cyclePlace(t, first, (before) => (before - up) * factor + up)
    const peak = highest * gamma ** cycle
    if (epoch < up) return baseLr + ((peak - baseLr) * epoch) / up
    return halfCosine(peak, baseLr, epoch - up, length - up)
  },
  scaled: (given, factor) => ({ ...given, eta_max: given.eta_max * factor }),
}

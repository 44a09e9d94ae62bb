import * as z from 'zod'
import { linearLr } from './linearLr.ts'
import type { Scheduler } from './scheduler.ts'

const { start_factor, total_iters } = linearLr.arguments.shape

const warmup = z.strictObject({
  kind: z
    .literal('linear')
    .describe("A straight line up to the optimizer's lr, then the schedule from its start (torch's SequentialLR)."),
  start_factor,
  total_iters: total_iters.unwrap().unwrap().default(5).describe('Epochs of warm-up.'),
})

const warmupOf = (args: Readonly<Record<string, unknown>>) =>
  args['warmup'] as z.output<typeof warmup> | null | undefined

/**
 * The schedule with an argument `warmup`: SequentialLR([LinearLR(start_factor, total_iters), schedule], [total_iters]) of torch
 * 2.15. The schedule begins anew behind the warm-up, and where it takes train.epochs, it takes those that are left.
 */
export function withWarmup(scheduler: Scheduler): Scheduler {
  return {
    ...scheduler,
    arguments: scheduler.arguments.safeExtend({
      // Not null by default: runs from before it would differ from new ones.
      warmup: warmup.nullable().optional().describe('Warm-up before the schedule; null: none.'),
    }),
    rate: (baseLr, t, args, epochs, scores = []) => {
      const before = warmupOf(args)
      if (!before) return scheduler.rate(baseLr, t, args, epochs, scores)
      const { start_factor, total_iters: length } = before
      if (t < length) return linearLr.rate(baseLr, t, { start_factor, end_factor: 1, total_iters: length }, epochs)
      return scheduler.rate(baseLr, t - length, args, Math.max(1, epochs - length), scores.slice(length))
    },
    momentum: (t, args, epochs) => {
      const length = warmupOf(args)?.total_iters ?? 0
      return scheduler.momentum?.(Math.max(0, t - length), args, Math.max(1, epochs - length))
    },
  }
}

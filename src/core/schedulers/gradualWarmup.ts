import * as z from 'zod'
import type { NamedArguments } from '../experiment.ts'
import type { Scheduler } from './scheduler.ts'

function optionOf({ name, summary, arguments: own }: Scheduler): z.ZodObject {
  return own.safeExtend({ name: z.literal(name).describe(summary) }).strict()
}

/**
 * GradualWarmupScheduler of the package warmup_scheduler 0.3 (Goyal et al. 2017) over torch 1.13.1. As there, the schedule
 * behind it begins one epoch late: the peak stands for two epochs, and n + 1 epochs are gone when it has its own second rate.
 * @param followers schedules that may come after the warm-up
 */
export function gradualWarmup(followers: readonly Scheduler[]): Scheduler {
  const options = followers.map(optionOf)
  const follower = z.discriminatedUnion('name', options as unknown as [z.core.$ZodTypeDiscriminable])
  const args = z.object({
    multiplier: z
      .number()
      .min(1)
      .describe(
        "The rate after the warm-up over the optimizer's lr; 1 starts at 0: the first epoch then learns nothing (and before ReduceLROnPlateau there is no warm-up).",
      ),
    total_epoch: z.int().min(1).describe('Epochs of warm-up.'),
    after: follower
      .nullable()
      .default(null)
      .describe(
        'Schedule after the warm-up, with its name and arguments, from lr times multiplier down; null keeps that rate. Where it takes train.epochs, it takes those that the warm-up leaves.',
      ),
  })
  const followerOf = (after: unknown) => followers.find(({ name }) => name === (after as NamedArguments).name)
  const scheduler: Scheduler<typeof args> = {
    name: 'GradualWarmup',
    summary: 'A straight line up over the first epochs, then another schedule.',
    arguments: args,
    rate: (baseLr, t, { multiplier, total_epoch: length, after }, epochs, scores = []) => {
      const rise = (epoch: number): number => baseLr * (((multiplier - 1) * epoch) / length + 1)
      const peak = baseLr * multiplier
      const next = after === null ? undefined : followerOf(after)
      if (next?.followsScores === true) {
        // The package's own branch: one epoch ahead, no warm-up at all from a multiplier of 1, earlier scores never seen.
        if (t < length) return rise(t + 1)
        const first = length - 1
        return next.rate(peak, t - first, next.arguments.parse(after), epochs - first, scores.slice(first))
      }
      if (t <= length) return multiplier === 1 ? (baseLr * t) / length : rise(t)
      const behind = length + 1
      return next?.rate(peak, t - behind, next.arguments.parse(after), Math.max(1, epochs - behind)) ?? peak
    },
    momentum: (t, { total_epoch: length, after }, epochs) => {
      const next = after === null ? undefined : followerOf(after)
      const behind = length + 1
      return next?.momentum?.(Math.max(0, t - behind), next.arguments.parse(after), Math.max(1, epochs - behind))
    },
    scaled: (given, factor) => {
      const next = given.after === null ? undefined : followerOf(given.after)
      const after = next?.scaled?.(next.arguments.parse(given.after), factor)
      return after === undefined ? given : { ...given, after: { ...after, name: next!.name } }
    },
  }
  return scheduler
}

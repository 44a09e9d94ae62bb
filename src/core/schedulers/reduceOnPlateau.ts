import * as z from 'zod'
import type { Scheduler } from './scheduler.ts'

const args = z.object({
  mode: z
    .enum(['min', 'max'])
    .default('min')
    .describe("What shall improve: min watches the loss of validation, max the project's primary metric."),
  factor: z.number().positive().lt(1).default(0.1).describe('Factor of the rate at each fall.'),
  patience: z.int().min(0).default(10).describe('Epochs without improvement that are borne; the one after them acts.'),
  threshold: z.number().min(0).default(1e-4).describe('Least improvement that counts.'),
  threshold_mode: z
    .enum(['rel', 'abs'])
    .default('rel')
    .describe('Whether threshold is a share of the best value (rel) or a difference from it (abs).'),
  cooldown: z.int().min(0).default(0).describe('Epochs after a fall in which none is counted against the rate.'),
  min_lr: z.number().min(0).default(0).describe('Lowest learning rate.'),
  eps: z.number().min(0).default(1e-8).describe('A fall that is not larger than this is left out.'),
})

type Arguments = z.output<typeof args>

/** Not a number is never better. */
function isBetter(value: number, best: number, { mode, threshold, threshold_mode }: Arguments): boolean {
  const sign = mode === 'min' ? -1 : 1
  const limit = threshold_mode === 'rel' ? best * (1 + sign * threshold) : best + sign * threshold
  return mode === 'min' ? value < limit : value > limit
}

/** ReduceLROnPlateau of torch 2.15, computed anew from all scores so far: they are its only state. */
export const reduceOnPlateau: Scheduler<typeof args> = {
  name: 'ReduceLROnPlateau',
  summary: 'The rate falls by factor once validation has not improved for more than patience epochs.',
  arguments: args,
  followsScores: true,
  rate: (baseLr, t, given, _, scores = []) => {
    let [rate, bad, cooldown] = [baseLr, 0, 0]
    let best = given.mode === 'min' ? Infinity : -Infinity
    for (const { loss, metric } of scores.slice(0, t)) {
      const value = (given.mode === 'min' ? loss : metric) ?? NaN
      const improves = isBetter(value, best, given)
      if (improves) best = value
      bad = improves || cooldown > 0 ? 0 : bad + 1
      cooldown = Math.max(0, cooldown - 1)
      if (bad <= given.patience) continue
      const lower = Math.max(rate * given.factor, given.min_lr)
      if (rate - lower > given.eps) rate = lower
      bad = 0
      cooldown = given.cooldown
    }
    return rate
  },
}

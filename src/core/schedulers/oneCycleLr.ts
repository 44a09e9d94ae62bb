import * as z from 'zod'
import { UserError } from '../errors.ts'
import { halfCosine } from './halfCosine.ts'
import type { Scheduler } from './scheduler.ts'

const args = z.object({
  max_lr: z.number().positive().describe("Highest learning rate; the optimizer's lr is not used."),
  total_steps: z
    .int()
    .min(2)
    .nullable()
    .default(null)
    .describe('Epochs of the cycle, not fewer than train.epochs; null takes train.epochs.'),
  pct_start: z.number().positive().max(1).default(0.3).describe('Share of the cycle in which the rate rises.'),
  anneal_strategy: z.enum(['cos', 'linear']).default('cos').describe('Half a cosine or a line between the rates.'),
  three_phase: z
    .boolean()
    .default(false)
    .describe('Come down to the first rate as fast as up, then to the last; else down at once.'),
  div_factor: z.number().positive().default(25).describe('max_lr over the first rate.'),
  cycle_momentum: z
    .boolean()
    .default(true)
    .describe(
      'Momentum (β₁ of Adam and its kin) goes the opposite way: from max_momentum down and back up. Not of NAdam, and not of SGD with momentum 0.',
    ),
  base_momentum: z.number().min(0).lt(1).default(0.85).describe('Momentum at the highest rate.'),
  max_momentum: z.number().min(0).lt(1).default(0.95).describe('Momentum at the first and last rate.'),
  final_div_factor: z.number().positive().default(1e4).describe('The first rate over the last.'),
})

interface Phase {
  /** Its last epoch; not always whole. */
  readonly end: number
  readonly from: number
  readonly to: number
}

interface Ends {
  readonly first: number
  readonly highest: number
  readonly last: number
}

function phasesOf(given: z.output<typeof args>, total: number, { first, highest, last }: Ends): readonly Phase[] {
  const { pct_start: share, three_phase: isThreePhase } = given
  const rise = { end: share * total - 1, from: first, to: highest }
  if (!isThreePhase) return [rise, { end: total - 1, from: highest, to: last }]
  const fall = { end: 2 * share * total - 2, from: highest, to: first }
  return [rise, fall, { end: total - 1, from: first, to: last }]
}

/** Rate or momentum of epoch t. @throws UserError where the cycle is shorter than the run */
function valueAt(t: number, given: z.output<typeof args>, epochs: number, ends: Ends): number {
  const total = given.total_steps ?? epochs
  if (total < epochs)
    throw new UserError(`OneCycleLR ends after ${total} epochs, the run after ${epochs}.`, {
      value: total,
      hint: 'Leave out total_steps, or make it at least train.epochs.',
    })
  const phases = phasesOf(given, total, ends)
  const found = phases.findIndex(({ end }) => t <= end)
  const index = found < 0 ? phases.length - 1 : found
  const { end, from, to } = phases[index]
  const start = index === 0 ? 0 : phases[index - 1].end
  // A rise of one epoch has no length: torch divides by zero, we begin at the peak.
  const share = end === start ? 1 : (t - start) / (end - start)
  return given.anneal_strategy === 'cos' ? halfCosine(from, to, share, 1) : from + (to - from) * share
}

/** OneCycleLR of torch 2.15 (Smith & Topin 2017), stepped once in each epoch. */
export const oneCycleLr: Scheduler<typeof args> = {
  name: 'OneCycleLR',
  summary: 'Up to max_lr and down to almost 0, once, epoch by epoch; momentum goes the opposite way.',
  arguments: args,
  rate: (_, t, given, epochs) => {
    const first = given.max_lr / given.div_factor
    return valueAt(t, given, epochs, { first, highest: given.max_lr, last: first / given.final_div_factor })
  },
  momentum: (t, given, epochs) => {
    const { cycle_momentum: isCycling, base_momentum: lowest, max_momentum: first } = given
    return isCycling ? valueAt(t, given, epochs, { first, highest: lowest, last: first }) : undefined
  },
  scaled: (given, factor) => ({ ...given, max_lr: given.max_lr * factor }),
}

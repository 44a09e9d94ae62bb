import * as z from 'zod'

/** What every optimizer with two moments of the gradient takes, under torch's names and with its defaults. */
export const adaptiveArguments = z.object({
  lr: z.number().positive().default(1e-3).describe('Learning rate per step, before the schedule.'),
  betas: z
    .tuple([z.number().min(0).lt(1), z.number().min(0).lt(1)])
    .default([0.9, 0.999])
    .describe('Decay of the running averages of the gradient and of its square.'),
  eps: z.number().positive().default(1e-8).describe('Added to the root of the second moment.'),
  weight_decay: z.number().min(0).default(0).describe('Strength of the L2 penalty.'),
})

interface WithBetas {
  readonly betas: readonly [number, number]
}

/** For optimizers whose momentum is β₁. */
export function withBeta1<Arguments extends WithBetas>(args: Arguments, momentum: number): Arguments {
  return { ...args, betas: [momentum, args.betas[1]] }
}

/**
 * Share that Σ β₁ᵏ·g, the first moment without its factor (1 − β₁), keeps: β₁, unless β₁ was another in the step before.
 * From m ← β₁m + (1−β₁)g with m = (1−β₁)·M follows M ← β₁(1−β₁′)/(1−β₁)·M + g.
 */
export function keptShare({ betas: [beta1] }: WithBetas, { betas: [before] }: WithBetas): number {
  return beta1 * ((1 - before) / (1 - beta1))
}

/** For optimizers that offer both kinds of weight decay. */
export const decoupledWeightDecay = z
  .boolean()
  .default(false)
  .describe('Take the weight decay from the weights themselves, as AdamW does, not through the gradient.')

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

/** For optimizers that offer both kinds of weight decay. */
export const decoupledWeightDecay = z
  .boolean()
  .default(false)
  .describe('Take the weight decay from the weights themselves, as AdamW does, not through the gradient.')

import * as z from 'zod'
import { greater, multiplyAdd, subtract } from '../../graph/elementwise.ts'
import { adaptiveArguments, withBeta1 } from './adaptiveArguments.ts'
import { defineOptimizer } from './optimizer.ts'
import { decayedParameters, decayScalar } from './weightDecay.ts'

/**
 * timm.optim.Lion (1.0.31): Chen et al. 2023. θ ← θ·(1 − lr·λ) − lr·sign(β₁m + (1−β₁)g), then m ← β₂m + (1−β₂)g.
 * Both averages are made of the difference g − m: as the only reader of m it comes before m is written in place.
 */
export const lion = defineOptimizer({
  name: 'Lion',
  summary: 'Steps of one size in the direction of the sign of the momentum; half the state of Adam.',
  arguments: adaptiveArguments.omit({ eps: true }).extend({
    lr: z.number().positive().default(1e-4).describe('Learning rate per step, before the schedule.'),
    betas: z
      .tuple([z.number().min(0).lt(1), z.number().min(0).lt(1)])
      .default([0.9, 0.99])
      .describe('Share of the momentum in the direction of a step, and decay of the momentum.'),
    weight_decay: z.number().min(0).default(0).describe('Share of each weight that a step of rate 1 takes away.'),
  }),
  slots: () => ['momentum'],
  build: (inputs, { betas: [, beta2], weight_decay: decay }) => {
    const { gradient, slot, scalar } = inputs
    const difference = subtract(gradient, slot('momentum'))
    const direction = multiplyAdd(scalar('momentum_share'), difference, gradient)
    const sign = subtract(greater(direction, 0), greater(0, direction))
    return {
      parameters: multiplyAdd(scalar('step_size'), sign, decayedParameters(inputs, decay)),
      slots: { momentum: multiplyAdd(-beta2, difference, gradient) },
    }
  },
  scalars: ({ betas: [beta1], weight_decay: decay }, lr) => ({
    momentum_share: -beta1,
    step_size: -lr,
    ...decayScalar(decay, lr),
  }),
  withMomentum: withBeta1,
})

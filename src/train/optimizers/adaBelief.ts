import * as z from 'zod'
import { add, divide, multiply, multiplyAdd, sqrt } from '../../graph/elementwise.ts'
import { adaptiveArguments, keptShare, withBeta1 } from './adaptiveArguments.ts'
import { defineOptimizer } from './optimizer.ts'
import { decayedParameters, decayScalar } from './weightDecay.ts'

/**
 * AdaBelief of pytorch_optimizer (4.1, not rectified): Zhuang et al. 2020. m as in Adam;
 * s ← β₂s + (1−β₂)(g − m)² + ε with the new m; θ ← θ·(1 − lr·λ) − lr/(1−β₁ᵗ)·m / (√s/√(1−β₂ᵗ) + ε).
 * Both are kept as sums, m = (1−β₁)·M and s = (1−β₂)·S (docs/decisions/009).
 */
export const adaBelief = defineOptimizer({
  name: 'AdaBelief',
  summary: 'Adam that divides by how far gradients stray from their average; weight decay apart from the gradient.',
  arguments: adaptiveArguments.extend({
    betas: z
      .tuple([z.number().min(0).lt(1), z.number().min(0).lt(1)])
      .default([0.9, 0.999])
      .describe('Decay of the running averages of the gradient and of its squared distance from that average.'),
    eps: z.number().positive().default(1e-16).describe('Added to the second moment and to its root.'),
    weight_decay: z.number().min(0).default(0).describe('Share of each weight that a step of rate 1 takes away.'),
  }),
  slots: () => ['gradient_sum', 'deviation_sum'],
  build: (inputs, { betas: [, beta2], eps, weight_decay: decay }) => {
    const { gradient, slot, scalar } = inputs
    const first = multiplyAdd(scalar('kept_share'), slot('gradient_sum'), gradient)
    const distance = multiplyAdd(scalar('average_share'), first, gradient)
    const squares = add(multiply(distance, distance), eps / (1 - beta2))
    const second = multiplyAdd(beta2, slot('deviation_sum'), squares)
    const deviation = add(multiply(sqrt(second), scalar('second_scale')), eps)
    return {
      parameters: multiplyAdd(scalar('step_size'), divide(first, deviation), decayedParameters(inputs, decay)),
      slots: { gradient_sum: first, deviation_sum: second },
    }
  },
  scalars: (args, lr, step, before = args) => {
    const [beta1, beta2] = args.betas
    return {
      kept_share: keptShare(args, before),
      average_share: beta1 - 1,
      step_size: (-lr * (1 - beta1)) / (1 - beta1 ** step),
      second_scale: Math.sqrt((1 - beta2) / (1 - beta2 ** step)),
      ...decayScalar(args.weight_decay, lr),
    }
  },
  withMomentum: withBeta1,
})

import * as z from 'zod'
import { divide, maximum, multiply, multiplyAdd, sqrt, add } from '../../graph/elementwise.ts'
import { adaptiveArguments, keptShare, withBeta1 } from './adaptiveArguments.ts'
import { defineOptimizer, type OptimizerDefinition, type OptimizerInputs, type OptimizerResults } from './optimizer.ts'
import { decayedParameters, decayScalar, penalizedGradient } from './weightDecay.ts'

const adamArguments = adaptiveArguments.extend({
  amsgrad: z.boolean().default(false).describe('Divide by the largest second moment so far (Reddi et al. 2018).'),
})
type AdamArguments = z.infer<typeof adamArguments>

/**
 * The moments are kept as sums Σ βᵏ·g, without their factor (1 − β): one pass less; the factor comes in with the step's
 * scalars. θ ← θ·decay − lr(1−β₁)/(1−β₁ᵗ) · M / (√V·√((1−β₂)/(1−β₂ᵗ)) + ε)
 */
function adamStep(
  { slot, scalar }: OptimizerInputs,
  gradient: OptimizerInputs['gradient'],
  decayed: OptimizerInputs['parameters'],
  { betas: [, beta2], eps, amsgrad }: AdamArguments,
): OptimizerResults {
  const first = multiplyAdd(scalar('kept_share'), slot('gradient_sum'), gradient)
  const second = multiplyAdd(beta2, slot('square_sum'), multiply(gradient, gradient))
  const largest = amsgrad ? maximum(slot('largest_square_sum'), second) : second
  const deviation = add(multiply(sqrt(largest), scalar('second_scale')), eps)
  return {
    parameters: multiplyAdd(scalar('step_size'), divide(first, deviation), decayed),
    slots: { gradient_sum: first, square_sum: second, ...(amsgrad ? { largest_square_sum: largest } : {}) },
  }
}

const slots = ({ amsgrad }: AdamArguments): readonly string[] => [
  'gradient_sum',
  'square_sum',
  ...(amsgrad ? ['largest_square_sum'] : []),
]

function adamScalars(args: AdamArguments, lr: number, step: number, before = args) {
  const [beta1, beta2] = args.betas
  return {
    kept_share: keptShare(args, before),
    step_size: (-lr * (1 - beta1)) / (1 - beta1 ** step),
    second_scale: Math.sqrt((1 - beta2) / (1 - beta2 ** step)),
  }
}

/** torch.optim.Adam (2.15): Kingma & Ba 2015, ε outside the root and after the correction, L2 weight decay. */
export const adam: OptimizerDefinition = defineOptimizer({
  name: 'Adam',
  summary: 'Adaptive moments; weight decay is an L2 penalty inside the gradient.',
  arguments: adamArguments,
  slots,
  build: (inputs, args) => adamStep(inputs, penalizedGradient(inputs, args.weight_decay), inputs.parameters, args),
  scalars: adamScalars,
  withMomentum: withBeta1,
})

/** torch.optim.AdamW (2.15): Loshchilov & Hutter 2019, θ·(1 − lr·λ) before the step. */
export const adamW: OptimizerDefinition = defineOptimizer({
  name: 'AdamW',
  summary: 'Adam with weight decay apart from the gradient.',
  arguments: adamArguments.extend({
    weight_decay: z.number().min(0).default(1e-2).describe('Share of each weight that a step of rate 1 takes away.'),
  }),
  slots,
  build: (inputs, args) => adamStep(inputs, inputs.gradient, decayedParameters(inputs, args.weight_decay), args),
  scalars: (args, lr, step, before) => ({
    ...adamScalars(args, lr, step, before),
    ...decayScalar(args.weight_decay, lr),
  }),
  withMomentum: withBeta1,
})

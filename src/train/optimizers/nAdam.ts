import * as z from 'zod'
import { add, divide, multiply, multiplyAdd, sqrt } from '../../graph/elementwise.ts'
import { adaptiveArguments, decoupledWeightDecay } from './adaptiveArguments.ts'
import { defineOptimizer } from './optimizer.ts'
import { decayedParameters, decayScalar, penalizedGradient } from './weightDecay.ts'

/** μ of step t: β₁(1 − ½·0.96^(t·momentum_decay)). */
const momentumAt = (beta1: number, decay: number, step: number): number => beta1 * (1 - 0.5 * 0.96 ** (step * decay))

/** Π μᵢ of steps 1…t. It only ever stands in 1 − Π, so what is too small to change that is not multiplied on. */
function momentumProduct(beta1: number, decay: number, step: number): number {
  let product = 1
  for (let each = 1; each <= step && product > Number.EPSILON / 4; each++) product *= momentumAt(beta1, decay, each)
  return product
}

/**
 * torch.optim.NAdam (2.15): Dozat 2016. With moments as sums (docs/decisions/009), M and V:
 * θ ← θ − lr·[(1−μₜ)/(1−Πμ)·g + μₜ₊₁(1−β₁)/(1−Πμ·μₜ₊₁)·M] / (√V·√((1−β₂)/(1−β₂ᵗ)) + ε)
 */
export const nAdam = defineOptimizer({
  name: 'NAdam',
  summary: 'Adam that looks ahead along its momentum (Nesterov).',
  arguments: adaptiveArguments.extend({
    lr: z.number().positive().default(2e-3).describe('Learning rate per step, before the schedule.'),
    momentum_decay: z.number().min(0).default(4e-3).describe('How fast momentum grows to its full strength.'),
    decoupled_weight_decay: decoupledWeightDecay,
  }),
  slots: () => ['gradient_sum', 'square_sum'],
  build: (inputs, { betas: [beta1, beta2], eps, weight_decay: decay, decoupled_weight_decay: isDecoupled }) => {
    const { slot, scalar } = inputs
    const gradient = isDecoupled ? inputs.gradient : penalizedGradient(inputs, decay)
    const parameters = isDecoupled ? decayedParameters(inputs, decay) : inputs.parameters
    const first = multiplyAdd(beta1, slot('gradient_sum'), gradient)
    const second = multiplyAdd(beta2, slot('square_sum'), multiply(gradient, gradient))
    const direction = multiplyAdd(scalar('momentum_size'), first, multiply(gradient, scalar('gradient_size')))
    const deviation = add(multiply(sqrt(second), scalar('second_scale')), eps)
    return {
      parameters: add(divide(direction, deviation), parameters),
      slots: { gradient_sum: first, square_sum: second },
    }
  },
  scalars: (args, lr, step) => {
    const { betas, momentum_decay: momentumDecay, weight_decay: decay, decoupled_weight_decay: isDecoupled } = args
    const [beta1, beta2] = betas
    const product = momentumProduct(beta1, momentumDecay, step)
    const next = momentumAt(beta1, momentumDecay, step + 1)
    return {
      gradient_size: (-lr * (1 - momentumAt(beta1, momentumDecay, step))) / (1 - product),
      momentum_size: (-lr * next * (1 - beta1)) / (1 - product * next),
      second_scale: Math.sqrt((1 - beta2) / (1 - beta2 ** step)),
      ...(isDecoupled ? decayScalar(decay, lr) : {}),
    }
  },
})

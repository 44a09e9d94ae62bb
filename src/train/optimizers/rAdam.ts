import { add, divide, multiply, multiplyAdd, sqrt } from '../../graph/elementwise.ts'
import { adaptiveArguments, decoupledWeightDecay, keptShare, withBeta1 } from './adaptiveArguments.ts'
import { defineOptimizer } from './optimizer.ts'
import { decayedParameters, decayScalar, penalizedGradient } from './weightDecay.ts'

/**
 * Rectification r of step t, or undefined where too few gradients were seen for the second moment to be of use
 * (with β₂ = 0.999 in the first five steps).
 */
function rectification(beta2: number, step: number): number | undefined {
  const limit = 2 / (1 - beta2) - 1
  const length = limit - (2 * step * beta2 ** step) / (1 - beta2 ** step)
  if (length <= 5) return undefined
  return Math.sqrt(((length - 4) * (length - 2) * limit) / ((limit - 4) * (limit - 2) * length))
}

/**
 * torch.optim.RAdam (2.15): Liu et al. 2020. ε is added to √v before the correction of its bias, unlike Adam.
 * θ ← θ − lr·m̂·r·√(1−β₂ᵗ) / (√v + ε), and θ − lr·m̂ where there is no r: then √v counts with 0 and ε is 1.
 * Moments are sums (docs/decisions/009).
 */
export const rAdam = defineOptimizer({
  name: 'RAdam',
  summary: 'Adam that trusts its second moment only after enough steps, a warm-up of its own.',
  arguments: adaptiveArguments.extend({ decoupled_weight_decay: decoupledWeightDecay }),
  slots: () => ['gradient_sum', 'square_sum'],
  build: (inputs, { betas: [, beta2], weight_decay: decay, decoupled_weight_decay: isDecoupled }) => {
    const { slot, scalar } = inputs
    const gradient = isDecoupled ? inputs.gradient : penalizedGradient(inputs, decay)
    const parameters = isDecoupled ? decayedParameters(inputs, decay) : inputs.parameters
    const first = multiplyAdd(scalar('kept_share'), slot('gradient_sum'), gradient)
    const second = multiplyAdd(beta2, slot('square_sum'), multiply(gradient, gradient))
    const deviation = add(multiply(sqrt(second), scalar('second_scale')), scalar('offset'))
    return {
      parameters: multiplyAdd(scalar('step_size'), divide(first, deviation), parameters),
      slots: { gradient_sum: first, square_sum: second },
    }
  },
  scalars: (args, lr, step, before = args) => {
    const { betas, eps, weight_decay: decay, decoupled_weight_decay: isDecoupled } = args
    const [beta1, beta2] = betas
    const size = (-lr * (1 - beta1)) / (1 - beta1 ** step)
    const rectified = rectification(beta2, step)
    return {
      kept_share: keptShare(args, before),
      ...(rectified === undefined
        ? { step_size: size, second_scale: 0, offset: 1 }
        : {
            step_size: size * rectified * Math.sqrt(1 - beta2 ** step),
            second_scale: Math.sqrt(1 - beta2),
            offset: eps,
          }),
      ...(isDecoupled ? decayScalar(decay, lr) : {}),
    }
  },
  withMomentum: withBeta1,
})

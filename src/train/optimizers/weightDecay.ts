import { multiply, multiplyAdd } from '../../graph/elementwise.ts'
import type { Tensor } from '../../graph/tensor.ts'
import type { OptimizerInputs } from './optimizer.ts'

type Vectors = Pick<OptimizerInputs, 'parameters' | 'gradient' | 'scalar'>

/** The gradient with that of the L2 penalty λ/2·‖θ‖²: g + λθ. */
export function penalizedGradient({ parameters, gradient }: Vectors, weightDecay: number): Tensor {
  return weightDecay > 0 ? multiplyAdd(weightDecay, parameters, gradient) : gradient
}

/** Decoupled decay (Loshchilov & Hutter 2019): θ·(1 − lr·λ), before the step; its scalar is `decayScalar`. */
export function decayedParameters({ parameters, scalar }: Vectors, weightDecay: number): Tensor {
  return weightDecay > 0 ? multiply(parameters, scalar('decay')) : parameters
}

export function decayScalar(weightDecay: number, lr: number): Readonly<Record<string, number>> {
  return weightDecay > 0 ? { decay: 1 - lr * weightDecay } : {}
}

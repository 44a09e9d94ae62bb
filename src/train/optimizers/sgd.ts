import * as z from 'zod'
import { multiply, multiplyAdd } from '../../graph/elementwise.ts'
import { defineOptimizer, type OptimizerResults } from './optimizer.ts'
import { penalizedGradient } from './weightDecay.ts'

/** torch.optim.SGD (2.15): momentum, dampening, Nesterov, L2 weight decay. */
export const sgd = defineOptimizer({
  name: 'SGD',
  summary: 'Stochastic gradient descent, with momentum where asked.',
  arguments: z.object({
    lr: z.number().positive().default(1e-2).describe('Learning rate per step, before the schedule.'),
    momentum: z.number().min(0).max(1).default(0).describe('Share of the last step that is kept.'),
    dampening: z.number().min(0).max(1).default(0).describe('Share of the gradient that momentum leaves out.'),
    nesterov: z.boolean().default(false).describe('Look ahead along the momentum (Nesterov).'),
    weight_decay: z.number().min(0).default(0).describe('Strength of the L2 penalty.'),
  }),
  slots: ({ momentum }) => (momentum > 0 ? ['momentum_buffer'] : []),
  build: (inputs, { momentum, nesterov, weight_decay: decay }): OptimizerResults => {
    const { parameters, slot, scalar } = inputs
    const penalized = penalizedGradient(inputs, decay)
    if (momentum === 0) return { parameters: multiplyAdd(scalar('step_size'), penalized, parameters), slots: {} }
    const kept = multiply(slot('momentum_buffer'), scalar('momentum'))
    const buffer = multiplyAdd(scalar('gradient_share'), penalized, kept)
    const direction = nesterov ? multiplyAdd(scalar('momentum'), buffer, penalized) : buffer
    return { parameters: multiplyAdd(scalar('step_size'), direction, parameters), slots: { momentum_buffer: buffer } }
  },
  // torch's first buffer is the gradient itself, whatever the dampening.
  scalars: ({ momentum, dampening }, lr, step) => ({
    step_size: -lr,
    ...(momentum > 0 ? { momentum, gradient_share: step === 1 ? 1 : 1 - dampening } : {}),
  }),
  withMomentum: (args, momentum) => (args.momentum > 0 ? { ...args, momentum } : args),
})

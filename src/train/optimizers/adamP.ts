import * as z from 'zod'
import { add, divide, greater, maximum, multiply, multiplyAdd, sqrt, subtract, total } from '../../graph/elementwise.ts'
import type { Tensor } from '../../graph/tensor.ts'
import { adaptiveArguments, keptShare, withBeta1 } from './adaptiveArguments.ts'
import { defineOptimizer, type OptimizerInputs } from './optimizer.ts'
import { decayedParameters } from './weightDecay.ts'

const adamPArguments = adaptiveArguments.extend({
  weight_decay: z.number().min(0).default(0).describe('Share of each weight that a step of rate 1 takes away.'),
  delta: z
    .number()
    .min(0)
    .default(0.1)
    .describe('A tensor is projected where every |cos(gradient, weight)| is below delta / √(elements of a row).'),
  wd_ratio: z.number().min(0).max(1).default(0.1).describe('Factor of the weight decay of a tensor that is projected.'),
  nesterov: z.boolean().default(false).describe('Look ahead along the momentum (Nesterov).'),
})
type AdamPArguments = z.infer<typeof adamPArguments>

/** Adam's direction d, and its moments as sums (docs/decisions/009). */
function moments({ gradient, slot, scalar }: OptimizerInputs, { betas: [, beta2], eps, nesterov }: AdamPArguments) {
  const first = multiplyAdd(scalar('kept_share'), slot('gradient_sum'), gradient)
  const second = multiplyAdd(beta2, slot('square_sum'), multiply(gradient, gradient))
  const deviation = add(multiply(sqrt(second), scalar('second_scale')), eps)
  const numerator = nesterov ? multiplyAdd(scalar('momentum'), first, gradient) : first
  return { direction: divide(numerator, deviation), slots: { gradient_sum: first, square_sum: second } }
}

/** Of one view of a tensor (by output channel, or as a whole): Σg², Σθ², Σgθ, Σθd of each of its rows. */
type RowSums = readonly [gradients: Tensor, weights: Tensor, products: Tensor, projections: Tensor]

/**
 * Whether the gradient is orthogonal to the weights in every row, as 1 or 0, and what is taken from d along θ, then:
 * θ̂·⟨θ̂, d⟩ = θ·Σθd / (‖θ‖ + ε)². Rows of padding are orthogonal.
 */
function view([gradients, weights, products, projections]: RowSums, length: number, { delta, eps }: AdamPArguments) {
  const [gradientNorm, norm] = [sqrt(gradients), sqrt(weights)]
  const size = sqrt(multiply(products, products))
  const cosine = divide(size, maximum(multiply(gradientNorm, norm), eps))
  const oblique = total(subtract(1, greater(delta / Math.sqrt(length), cosine)))
  const root = add(norm, eps)
  return { isOrthogonal: greater(0.5, oblique), share: divide(projections, multiply(root, root)) }
}

/**
 * AdamP: Heo et al. 2021 (package adamp 0.3.0). Of a step of a tensor whose scale does not matter (its gradient is orthogonal to
 * it), by channel or else as a whole, only the part orthogonal to the weights is taken, and its weight decay is smaller.
 * θ ← θ·(1 − lr·λ·(wd_ratio or 1)) − lr/(1−β₁ᵗ)·d. Vectors are never projected: for them this is AdamW.
 */
export const adamP = defineOptimizer({
  name: 'AdamP',
  summary: 'AdamW that does not let weights grow whose scale BatchNorm takes away (projected steps).',
  arguments: adamPArguments,
  slots: () => ['gradient_sum', 'square_sum'],
  build: (inputs, args) => {
    const { direction, slots } = moments(inputs, args)
    const decayed = decayedParameters(inputs, args.weight_decay)
    return { parameters: multiplyAdd(inputs.scalar('step_size'), direction, decayed), slots }
  },
  buildByRows: (inputs, args) => {
    const { parameters, gradient, scalar } = inputs
    const { direction, slots } = moments(inputs, args)
    return {
      summands: [
        multiply(gradient, gradient),
        multiply(parameters, parameters),
        multiply(gradient, parameters),
        multiply(parameters, direction),
      ],
      finish: (sums, { rowLength, length, scale }) => {
        const byChannel = view(sums as unknown as RowSums, rowLength, args)
        const asWhole = view(sums.map(total) as unknown as RowSums, length, args)
        const isWhole = multiply(subtract(1, byChannel.isOrthogonal), asWhole.isOrthogonal)
        const share = add(multiply(byChannel.share, byChannel.isOrthogonal), multiply(asWhole.share, isWhole))
        const projected = subtract(direction, scale(parameters, share))
        const isProjected = add(byChannel.isOrthogonal, isWhole)
        const decayed =
          args.weight_decay > 0
            ? multiply(parameters, multiplyAdd(isProjected, scalar('decay_less'), scalar('decay')))
            : parameters
        return { parameters: multiplyAdd(scalar('step_size'), projected, decayed), slots }
      },
    }
  },
  scalars: (args, lr, step, before = args) => {
    const { betas, weight_decay: decay, wd_ratio: ratio, nesterov } = args
    const [beta1, beta2] = betas
    return {
      kept_share: keptShare(args, before),
      step_size: (-lr * (1 - beta1)) / (1 - beta1 ** step),
      second_scale: Math.sqrt((1 - beta2) / (1 - beta2 ** step)),
      ...(nesterov ? { momentum: beta1 } : {}),
      ...(decay > 0 ? { decay: 1 - lr * decay, decay_less: lr * decay * (1 - ratio) } : {}),
    }
  },
  withMomentum: withBeta1,
})

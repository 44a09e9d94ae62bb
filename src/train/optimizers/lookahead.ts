import * as z from 'zod'
import { multiply, multiplyAdd } from '../../graph/elementwise.ts'
import type { OptimizerDefinition, OptimizerInputs, OptimizerResults } from './optimizer.ts'

const lookaheadArguments = z.strictObject({
  k: z.int().min(1).default(5).describe('Steps of the optimizer between two of the slow weights.'),
  alpha: z.number().gt(0).max(1).default(0.5).describe('Share of the way to the weights that the slow weights go.'),
})
type Lookahead = z.infer<typeof lookaheadArguments>

const of = (args: Readonly<Record<string, unknown>>) => args['lookahead'] as Lookahead | null | undefined

/**
 * After every k-th step the slow weights go the share α of the way to the weights, which then begin anew from there.
 * Slots start at zero, so the first step adds the weights that it begins with. The scalars are 0 or 1 where nothing
 * is to happen: x·1 + y·0 is x to the bit.
 */
function synchronize({ parameters, slot, scalar }: OptimizerInputs, { slots, ...fast }: OptimizerResults) {
  const slow = multiplyAdd(scalar('first_step'), parameters, slot('slow_parameters'))
  const next = multiplyAdd(scalar('slow_step'), fast.parameters, multiply(slow, scalar('slow_share')))
  return {
    parameters: multiplyAdd(scalar('synchronized'), next, multiply(fast.parameters, scalar('fast_share'))),
    slots: { ...slots, slow_parameters: next },
  }
}

function lookaheadScalars({ k, alpha }: Lookahead, step: number): Readonly<Record<string, number>> {
  const synchronized = step % k === 0 ? 1 : 0
  return {
    first_step: step === 1 ? 1 : 0,
    slow_step: alpha * synchronized,
    slow_share: 1 - alpha * synchronized,
    synchronized,
    fast_share: 1 - synchronized,
  }
}

/**
 * The optimizer with an argument `lookahead`: Zhang et al. 2019, as pytorch_optimizer (4.1) without pullback. The slow weights
 * start as a copy of the weights before the first step; the optimizer's own moments stay as they are. (timm copies at
 * step k, so that its first synchronisation does nothing.)
 */
export function withLookahead(optimizer: OptimizerDefinition): OptimizerDefinition {
  return {
    ...optimizer,
    arguments: optimizer.arguments.safeExtend({
      // Not null by default: runs from before it would differ from new ones.
      lookahead: lookaheadArguments
        .nullable()
        .optional()
        .describe('Slow weights that follow every k steps and from which training goes on (Lookahead); null: none.'),
    }),
    slots: (args) => [...optimizer.slots(args), ...(of(args) ? ['slow_parameters'] : [])],
    build: (inputs, args) => {
      const results = optimizer.build(inputs, args)
      return of(args) ? synchronize(inputs, results) : results
    },
    ...(optimizer.buildByRows && {
      buildByRows: (inputs, args) => {
        const { summands, finish } = optimizer.buildByRows!(inputs, args)
        return {
          summands,
          finish: (...known) => (of(args) ? synchronize(inputs, finish(...known)) : finish(...known)),
        }
      },
    }),
    scalars: (args, lr, step, before) => {
      const lookahead = of(args)
      return { ...optimizer.scalars(args, lr, step, before), ...(lookahead ? lookaheadScalars(lookahead, step) : {}) }
    },
  }
}

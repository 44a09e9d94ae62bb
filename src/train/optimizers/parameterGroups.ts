import * as z from 'zod'
import type { UpdatedParameter } from '../../engines/engine.ts'
import type { OptimizerDefinition } from './optimizer.ts'

type Arguments = Readonly<Record<string, unknown>>

/** Parameters with a learning rate and weight decay of their own. */
export interface ParameterGroup {
  /** Of the optimizer, with this group's weight decay. */
  readonly args: Arguments
  /** Its base learning rate over the experiment's. */
  readonly lrFactor: number
  /** Steps of the run before the first of its own: where the encoder thaws later, its moments begin with it. */
  readonly stepsBefore: number
}

export interface ParameterGroups {
  readonly groups: readonly ParameterGroup[]
  /** Index of the group of a parameter. */
  readonly groupOf: (parameter: UpdatedParameter) => number
}

const groupArguments = {
  // Without defaults: runs from before them would differ from new ones.
  encoder_lr_factor: z
    .number()
    .positive()
    .optional()
    .describe(
      'Learning rate of the encoder over that of the decoder, e.g. 0.1 for pretrained weights; the schedule moves both. 1 where left out.',
    ),
  no_decay_norm_bias: z
    .boolean()
    .optional()
    .describe('No weight decay of biases and of the weights of normalisation (all vectors), as timm does it.'),
}

/** The optimizer with arguments that divide parameters into groups. */
export function withParameterGroups(optimizer: OptimizerDefinition): OptimizerDefinition {
  return { ...optimizer, arguments: optimizer.arguments.safeExtend(groupArguments) }
}

/**
 * The groups that the arguments ask for: the first holds all where they ask for none.
 * @param frozenSteps of the run while the encoder stands still
 */
export function parameterGroups(args: Arguments, frozenSteps = 0): ParameterGroups {
  const { encoder_lr_factor: factor = 1, no_decay_norm_bias: isWithoutDecay = false } = args as {
    readonly encoder_lr_factor?: number
    readonly no_decay_norm_bias?: boolean
  }
  const dividesEncoder = factor !== 1 || frozenSteps > 0
  const dividesDecay = isWithoutDecay && args['weight_decay'] !== 0
  const kinds = (dividesEncoder ? [false, true] : [false]).flatMap((isEncoder) =>
    (dividesDecay ? [false, true] : [false]).map((isVector) => ({ isEncoder, isVector })),
  )
  return {
    groups: kinds.map(({ isEncoder, isVector }) => ({
      args: isVector ? { ...args, weight_decay: 0 } : args,
      lrFactor: isEncoder ? factor : 1,
      stepsBefore: isEncoder ? frozenSteps : 0,
    })),
    groupOf: ({ key, shape }) =>
      kinds.findIndex(
        ({ isEncoder, isVector }) =>
          isEncoder === (dividesEncoder && key.startsWith('encoder.')) &&
          isVector === (dividesDecay && shape.length <= 1),
      ),
  }
}

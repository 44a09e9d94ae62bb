import type * as z from 'zod'
import type { Definition } from '../../core/definition.ts'
import type { Tensor } from '../../graph/tensor.ts'

/** What one step reads: flat vectors of all parameters, and scalars that change from step to step. */
export interface OptimizerInputs {
  readonly parameters: Tensor
  /** After accumulation and clipping. */
  readonly gradient: Tensor
  readonly slot: (name: string) => Tensor
  /** Value of this step, [1]; named in `scalars`. */
  readonly scalar: (name: string) => Tensor
}

export interface OptimizerResults {
  readonly parameters: Tensor
  readonly slots: Readonly<Record<string, Tensor>>
}

/** An optimizer: its arguments in the library's own names, its state and one step of it as a graph. */
export interface OptimizerDefinition<Arguments extends z.ZodObject = z.ZodObject> extends Definition<Arguments> {
  /** Names of its state vectors; all start at zero. */
  slots(args: z.infer<Arguments>): readonly string[]
  build(inputs: OptimizerInputs, args: z.infer<Arguments>): OptimizerResults
  /** Scalars of one step. @param step counted from 1  @param lr after the schedule */
  scalars(args: z.infer<Arguments>, lr: number, step: number): Readonly<Record<string, number>>
}

export function defineOptimizer<Arguments extends z.ZodObject>(
  definition: OptimizerDefinition<Arguments>,
): OptimizerDefinition {
  return definition
}

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

/**
 * A tensor of rank 2 or more by its rows (output channels). Sums over rows have the shape [outer, 1, block] of its storage;
 * where the tensor lies in pieces, each piece sees the sums of the whole.
 */
export interface TensorRows {
  /** Elements of a row, of the whole tensor. */
  readonly rowLength: number
  /** All elements. */
  readonly length: number
  /** The flat vector with each row times its factor. @param factors as sums over rows */
  readonly scale: (vector: Tensor, factors: Tensor) => Tensor
}

/** A step that goes on when the sums over rows of some vectors are known. */
export interface RowStep {
  /** Flat vectors to be summed over each row. */
  readonly summands: readonly Tensor[]
  /** @param sums of the summands, in their order */
  readonly finish: (sums: readonly Tensor[], rows: TensorRows) => OptimizerResults
}

/** An optimizer: its arguments in the library's own names, its state and one step of it as a graph. */
export interface OptimizerDefinition<Arguments extends z.ZodObject = z.ZodObject> extends Definition<Arguments> {
  /** Names of its state vectors; all start at zero. */
  slots(args: z.infer<Arguments>): readonly string[]
  build(inputs: OptimizerInputs, args: z.infer<Arguments>): OptimizerResults
  /** In place of `build` for tensors of rank 2 or more, where those need to be known by their rows. */
  buildByRows?(inputs: OptimizerInputs, args: z.infer<Arguments>): RowStep
  /**
   * Scalars of one step.
   * @param step counted from 1
   * @param lr after the schedule
   * @param before the arguments of the step before, where a schedule moves the momentum
   */
  scalars(
    args: z.infer<Arguments>,
    lr: number,
    step: number,
    before?: z.infer<Arguments>,
  ): Readonly<Record<string, number>>
  /** The arguments with the momentum (or β₁) that a schedule gives; absent where it cannot be moved. */
  withMomentum?(args: z.infer<Arguments>, momentum: number): z.infer<Arguments>
}

export function defineOptimizer<Arguments extends z.ZodObject>(
  definition: OptimizerDefinition<Arguments>,
): OptimizerDefinition {
  return definition
}

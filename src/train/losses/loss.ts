import type * as z from 'zod'
import type { Definition } from '../../core/definition.ts'
import { exp } from '../../graph/elementwise.ts'
import { logSoftmax, oneHot, pixelRows } from '../../graph/pixels.ts'
import type { Tensor } from '../../graph/tensor.ts'

/** Scores and labels of all P pixels of a batch as rows; everything a loss may want of them, made once. */
export class PixelScores {
  readonly classes: number
  /** Images of the batch; their pixels lie one after the other. */
  readonly images: number
  /** Logits [P, C]. */
  readonly logits: Tensor
  /** log softmax [P, C]. */
  readonly logProbabilities: Tensor
  /** One-hot labels [P, C]; a row of zeros where the pixel is ignored. */
  readonly truth: Tensor
  private softmax: Tensor | undefined

  /** @param logits [N, C, H, W]  @param target class indices int32 [N·H·W]; anything outside 0 … C−1 is ignored */
  constructor(logits: Tensor, target: Tensor) {
    this.images = logits.shape[0]!
    this.classes = logits.shape[1]!
    this.logits = pixelRows(logits)
    this.logProbabilities = logSoftmax(this.logits)
    this.truth = oneHot(target, this.classes)
  }

  /** softmax [P, C]. */
  get probabilities(): Tensor {
    return (this.softmax ??= exp(this.logProbabilities))
  }
}

interface LossContext<Arguments> {
  readonly scores: PixelScores
  readonly args: Arguments
}

/** A loss: its arguments in the library's own names, and its graph. */
export interface LossDefinition<Arguments extends z.ZodObject = z.ZodObject> extends Definition<Arguments> {
  /** One element. Ignored pixels count nowhere; a batch of nothing but ignored pixels gives 0 (definitions 2.1). */
  build(context: LossContext<z.infer<Arguments>>): Tensor
}

export function defineLoss<Arguments extends z.ZodObject>(definition: LossDefinition<Arguments>): LossDefinition {
  return definition
}

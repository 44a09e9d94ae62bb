import type * as z from 'zod'
import type { Definition } from '../../core/definition.ts'
import type { PixelInputName } from '../../core/pixelInputs.ts'
import { exp, reduceSum } from '../../graph/elementwise.ts'
import { logSoftmax, oneHot, pixelRows } from '../../graph/pixels.ts'
import { input } from '../../graph/sources.ts'
import type { Tensor } from '../../graph/tensor.ts'

/** Scores and labels of all P pixels of a batch as rows, the images one after the other. */
export interface RowScores {
  readonly images: number
  readonly classes: number
  /** [P, C]. */
  readonly logits: Tensor
  /** [P, C]. */
  readonly probabilities: Tensor
  /** 1 where the pixel is of the class [P, C]; a row of zeros where it is ignored. */
  readonly truth: Tensor
  /** 1 where the pixel counts [P, 1]. */
  readonly valid: Tensor
}

/** Everything a loss may want of a batch; the probabilities are softmax. */
export interface LossScores extends RowScores {
  /** log softmax [P, C]. */
  readonly logProbabilities: Tensor
  /** What the loader makes of the labels for the losses that declare it, [P, C]. */
  pixelInput(name: PixelInputName): Tensor
}

/** The labels of a batch, as every head of a network meets them; each made once. */
export class PixelLabels {
  /** One-hot [P, C]. */
  readonly truth: Tensor
  readonly valid: Tensor
  private readonly inputs = new Map<PixelInputName, Tensor>()

  /** @param target class indices int32 [P]; anything outside 0 … C−1 is ignored */
  constructor(target: Tensor, classes: number) {
    this.truth = oneHot(target, classes)
    this.valid = reduceSum(this.truth, [1], true)
  }

  /** An input of the graph under its name. */
  pixelInput(name: PixelInputName): Tensor {
    const known = this.inputs.get(name)
    if (known !== undefined) return known
    const made = input(this.truth.graph, name, this.truth.shape)
    this.inputs.set(name, made)
    return made
  }
}

/** The scores of one head of a network, each made once. */
export class PixelScores implements LossScores {
  readonly classes: number
  readonly images: number
  readonly logits: Tensor
  readonly logProbabilities: Tensor
  readonly truth: Tensor
  readonly valid: Tensor
  private readonly labels: PixelLabels
  private softmax: Tensor | undefined

  /** @param logits [N, C, H, W] */
  constructor(logits: Tensor, labels: PixelLabels) {
    this.images = logits.shape[0]!
    this.classes = logits.shape[1]!
    this.logits = pixelRows(logits)
    this.logProbabilities = logSoftmax(this.logits)
    this.labels = labels
    this.truth = labels.truth
    this.valid = labels.valid
  }

  get probabilities(): Tensor {
    return (this.softmax ??= exp(this.logProbabilities))
  }

  pixelInput(name: PixelInputName): Tensor {
    return this.labels.pixelInput(name)
  }
}

interface LossContext<Arguments> {
  readonly scores: LossScores
  readonly args: Arguments
}

/** A loss: its arguments in the library's own names, and its graph. */
export interface LossDefinition<Arguments extends z.ZodObject = z.ZodObject> extends Definition<Arguments> {
  /** What `build` reads by `scores.pixelInput`, beside logits and labels. */
  readonly pixelInputs?: readonly PixelInputName[]
  /** One element. Ignored pixels count nowhere; a batch of nothing but ignored pixels gives 0 (definitions 2.1). */
  build(context: LossContext<z.infer<Arguments>>): Tensor
}

export function defineLoss<Arguments extends z.ZodObject>(definition: LossDefinition<Arguments>): LossDefinition {
  return definition
}

import type { MixedLabels } from '../augment/mixes/mix.ts'
import type { LossConfig, ModelConfig, Precision } from '../core/experiment.ts'
import { reshape } from '../graph/elementwise.ts'
import { addGradients } from '../graph/passes/addGradients.ts'
import { checkpointActivations } from '../graph/passes/checkpointActivations.ts'
import { fuseConvolutions } from '../graph/passes/fuseConvolutions.ts'
import { keepHalf } from '../graph/passes/keepHalf.ts'
import { matMul } from '../graph/matrices.ts'
import { argMax, oneHot } from '../graph/pixels.ts'
import { program, type Program } from '../graph/program.ts'
import type { Tensor } from '../graph/tensor.ts'
import { buildNetwork, featureName, type Network, type NetworkOptions } from '../model/network.ts'
import { PixelLabels, PixelScores } from './losses/loss.ts'
import { lossOutputs, mixedOutputs, targetInput } from './lossOutputs.ts'
import { numberForm } from '../engines/precision.ts'

type Size = Pick<NetworkOptions, 'batch' | 'height' | 'width' | 'classes'>

/** Confusion matrix of every image, [N, C, C], rows = truth; ignored pixels are in no cell. */
function confusion(scores: PixelScores, predicted: Tensor, batch: number): Tensor {
  const perImage = (rows: Tensor): Tensor => reshape(rows, [batch, rows.shape[0] / batch, scores.classes])
  return matMul(perImage(scores.truth), perImage(oneHot(predicted, scores.classes)), { transposeA: true })
}

export interface TrainingProgram {
  readonly network: Network
  /** Inputs image, target, stochastic depth; outputs loss, part:NAME, confusion, the gradient and running statistics. */
  readonly gradient: Program
}

export interface TrainingOptions extends Pick<NetworkOptions, 'isEncoderOutside' | 'frozenStatistics'> {
  /** Computes cheap activations again in the backward pass instead of keeping them. */
  readonly isCheckpointing?: boolean
  /** fp16 makes `loss_scale` [1] an input, and the gradient that of loss · loss_scale. */
  readonly precision?: Precision | undefined
  /** How images are mixed: what the loss compares with. */
  readonly labels?: MixedLabels
}

/** Forward, loss, backward and running statistics of one batch. */
export function trainingProgram(
  model: ModelConfig,
  loss: readonly LossConfig[],
  size: Size,
  { isCheckpointing = false, precision = 'fp32', labels = 'one', ...frozen }: TrainingOptions = {},
): TrainingProgram {
  const network = buildNetwork(model, { ...size, ...frozen, mode: 'training' })
  const { graph, logits, auxiliary, updates } = network
  graph.scope = 'loss'
  const pixelLabels = new PixelLabels(targetInput(logits), size.classes)
  const scores = new PixelScores(logits, pixelLabels)
  const others = auxiliary.map((head) => ({ ...head, scores: new PixelScores(head.logits, pixelLabels) }))
  const outputs = mixedOutputs(labels, loss, [{ weight: 1, logits, scores }, ...others])
  outputs.set('confusion', confusion(scores, argMax(scores.logits), size.batch))

  const numbers = numberForm(precision)
  const keeping = addGradients(program(graph, { outputs, updates }), numbers)
  const gradient = isCheckpointing ? checkpointActivations(keeping) : keeping
  return { network, gradient: numbers.half === undefined ? gradient : keepHalf(gradient) }
}

/** The encoder as in validation, BatchNorm folded: image → outputs `feature/K` that an encoder outside a network gives it. */
export function encoderProgram(model: ModelConfig, size: Size): Program {
  const { graph, image, features } = buildNetwork(model, { ...size, mode: 'inference' })
  const computed = features.flatMap((feature, index) =>
    feature === image ? [] : [[featureName(index), feature] as const],
  )
  return fuseConvolutions(program(graph, { outputs: new Map(computed) }))
}

/** What an inference program computes beside the labels. */
export interface InferenceOutputs {
  /** Losses, and then a target is needed; with them comes the confusion. */
  readonly loss?: readonly LossConfig[]
  readonly probabilities?: boolean
  /** Scores before the softmax. */
  readonly logits?: boolean
}

/**
 * Forward pass with BatchNorm folded: outputs labels int32 [N·H·W], and where asked softmax `probabilities` and `logits` [N·H·W, C], or
 * loss, part:NAME and confusion.
 */
export function inferenceProgram(
  model: ModelConfig,
  size: Size,
  { loss, probabilities = false, logits: isScoring = false }: InferenceOutputs,
): { readonly network: Network; readonly program: Program } {
  const network = buildNetwork(model, { ...size, mode: 'inference' })
  const { graph, logits } = network
  graph.scope = 'loss'
  const scores = new PixelScores(logits, new PixelLabels(targetInput(logits), size.classes))
  const labels = argMax(scores.logits)
  const outputs = new Map<string, Tensor>([['labels', labels]])
  if (probabilities) outputs.set('probabilities', scores.probabilities)
  if (isScoring) outputs.set('logits', scores.logits)
  if (loss !== undefined) {
    lossOutputs(loss, [{ weight: 1, logits, scores }]).forEach((tensor, name) => outputs.set(name, tensor))
    outputs.set('confusion', confusion(scores, labels, size.batch))
  }
  return { network, program: fuseConvolutions(program(graph, { outputs })) }
}

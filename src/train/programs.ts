import type { MixedLabels } from '../augment/mixes/mix.ts'
import type { LossConfig, ModelConfig } from '../core/experiment.ts'
import { reshape } from '../graph/elementwise.ts'
import { addGradients } from '../graph/passes/addGradients.ts'
import { checkpointActivations } from '../graph/passes/checkpointActivations.ts'
import { fuseConvolutions } from '../graph/passes/fuseConvolutions.ts'
import { argMax, matMulTransposeA, oneHot } from '../graph/pixels.ts'
import { program, type Program } from '../graph/program.ts'
import type { Tensor } from '../graph/tensor.ts'
import { buildNetwork, type Network, type NetworkOptions } from '../model/network.ts'
import { PixelScores } from './losses/loss.ts'
import { lossOutputs, mixedOutputs, targetInput } from './lossOutputs.ts'

type Size = Pick<NetworkOptions, 'batch' | 'height' | 'width' | 'classes'>

/** Confusion matrix of every image, [N, C, C], rows = truth; ignored pixels are in no cell. */
function confusion(scores: PixelScores, predicted: Tensor, batch: number): Tensor {
  const perImage = (rows: Tensor): Tensor => reshape(rows, [batch, rows.shape[0] / batch, scores.classes])
  return matMulTransposeA(perImage(scores.truth), perImage(oneHot(predicted, scores.classes)))
}

export interface TrainingProgram {
  readonly network: Network
  /** Inputs image, target, stochastic depth; outputs loss, part:NAME, confusion, the gradient and running statistics. */
  readonly gradient: Program
}

/**
 * Forward, loss, backward and running statistics of one batch.
 * @param labels how images are mixed: what the loss compares with
 * @param isCheckpointing computes cheap activations again in the backward pass instead of keeping them
 */
export function trainingProgram(
  model: ModelConfig,
  loss: readonly LossConfig[],
  size: Size,
  isCheckpointing = false,
  labels: MixedLabels = 'one',
): TrainingProgram {
  const network = buildNetwork(model, { ...size, mode: 'training' })
  const { graph, logits, updates } = network
  graph.scope = 'loss'
  const scores = new PixelScores(logits, targetInput(logits))
  const outputs = mixedOutputs(labels, loss, scores, logits)
  outputs.set('confusion', confusion(scores, argMax(scores.logits), size.batch))

  const gradient = addGradients(program(graph, { outputs, updates }))
  return { network, gradient: isCheckpointing ? checkpointActivations(gradient) : gradient }
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
  const scores = new PixelScores(logits, targetInput(logits))
  const labels = argMax(scores.logits)
  const outputs = new Map<string, Tensor>([['labels', labels]])
  if (probabilities) outputs.set('probabilities', scores.probabilities)
  if (isScoring) outputs.set('logits', scores.logits)
  if (loss !== undefined) {
    lossOutputs(loss, scores).forEach((tensor, name) => outputs.set(name, tensor))
    outputs.set('confusion', confusion(scores, labels, size.batch))
  }
  return { network, program: fuseConvolutions(program(graph, { outputs })) }
}

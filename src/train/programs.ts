import type { LossConfig, ModelConfig } from '../core/experiment.ts'
import { add, multiply, reshape } from '../graph/elementwise.ts'
import { addGradients } from '../graph/passes/addGradients.ts'
import { checkpointActivations } from '../graph/passes/checkpointActivations.ts'
import { fuseConvolutions } from '../graph/passes/fuseConvolutions.ts'
import { matMul } from '../graph/matrices.ts'
import { argMax, oneHot } from '../graph/pixels.ts'
import { program, type Program } from '../graph/program.ts'
import { input } from '../graph/sources.ts'
import type { Tensor } from '../graph/tensor.ts'
import { buildNetwork, type Network, type NetworkOptions } from '../model/network.ts'
import { PixelScores } from './losses/loss.ts'
import { losses } from './losses/registry.ts'

type Size = Pick<NetworkOptions, 'batch' | 'height' | 'width' | 'classes'>

/** The weighted sum of losses and each part unweighted: `loss` [1], `part:NAME` [1]. */
function lossOutputs(configs: readonly LossConfig[], scores: PixelScores): Map<string, Tensor> {
  const outputs = new Map<string, Tensor>()
  let sum: Tensor | undefined
  for (const config of configs) {
    const definition = losses.get(config.name)
    const part = definition.build({ scores, args: definition.arguments.parse(config) })
    const repeated = outputs.has(`part:${config.name}`) ? `${config.name} (${outputs.size + 1})` : config.name
    outputs.set(`part:${repeated}`, part)
    const weighted = config.weight === 1 ? part : multiply(part, config.weight)
    sum = sum ? add(sum, weighted) : weighted
  }
  return new Map([['loss', sum!], ...outputs])
}

/** Confusion matrix of every image, [N, C, C], rows = truth; ignored pixels are in no cell. */
function confusion(scores: PixelScores, predicted: Tensor, batch: number): Tensor {
  const perImage = (rows: Tensor): Tensor => reshape(rows, [batch, rows.shape[0] / batch, scores.classes])
  return matMul(perImage(scores.truth), perImage(oneHot(predicted, scores.classes)), { transposeA: true })
}

function targetInput(network: Network, { batch, height, width }: Size): Tensor {
  return input(network.graph, 'target', [batch * height * width], 'data', 'int32')
}

export interface TrainingProgram {
  readonly network: Network
  /** Inputs image, target, stochastic depth; outputs loss, part:NAME, confusion, the gradient and running statistics. */
  readonly gradient: Program
}

/**
 * Forward, loss, backward and running statistics of one batch.
 * @param isCheckpointing computes cheap activations again in the backward pass instead of keeping them
 */
export function trainingProgram(
  model: ModelConfig,
  loss: readonly LossConfig[],
  size: Size,
  isCheckpointing = false,
): TrainingProgram {
  const network = buildNetwork(model, { ...size, mode: 'training' })
  const { graph, logits, updates } = network
  graph.scope = 'loss'
  const scores = new PixelScores(logits, targetInput(network, size))
  const outputs = lossOutputs(loss, scores)
  outputs.set('confusion', confusion(scores, argMax(scores.logits), size.batch))

  const gradient = addGradients(program(graph, { outputs, updates }))
  return { network, gradient: isCheckpointing ? checkpointActivations(gradient) : gradient }
}

/** What an inference program computes beside the labels. */
export interface InferenceOutputs {
  /** Losses, and then a target is needed; with them comes the confusion. */
  readonly loss?: readonly LossConfig[]
  readonly probabilities?: boolean
}

/**
 * Forward pass with BatchNorm folded: outputs labels int32 [N·H·W], and where asked softmax `probabilities` [N·H·W, C], or
 * loss, part:NAME and confusion.
 */
export function inferenceProgram(
  model: ModelConfig,
  size: Size,
  { loss, probabilities = false }: InferenceOutputs,
): { readonly network: Network; readonly program: Program } {
  const network = buildNetwork(model, { ...size, mode: 'inference' })
  const { graph, logits } = network
  graph.scope = 'loss'
  const scores = new PixelScores(logits, targetInput(network, size))
  const labels = argMax(scores.logits)
  const outputs = new Map<string, Tensor>([['labels', labels]])
  if (probabilities) outputs.set('probabilities', scores.probabilities)
  if (loss !== undefined) {
    lossOutputs(loss, scores).forEach((tensor, name) => outputs.set(name, tensor))
    outputs.set('confusion', confusion(scores, labels, size.batch))
  }
  return { network, program: fuseConvolutions(program(graph, { outputs })) }
}

import type { LossConfig, ModelConfig, Precision } from '../core/experiment.ts'
import { add, multiply, reshape } from '../graph/elementwise.ts'
import { addGradients } from '../graph/passes/addGradients.ts'
import { checkpointActivations } from '../graph/passes/checkpointActivations.ts'
import { fuseConvolutions } from '../graph/passes/fuseConvolutions.ts'
import { keepHalf } from '../graph/passes/keepHalf.ts'
import { matMul } from '../graph/matrices.ts'
import { argMax, oneHot } from '../graph/pixels.ts'
import { program, type Program } from '../graph/program.ts'
import { input } from '../graph/sources.ts'
import type { Tensor } from '../graph/tensor.ts'
import { buildNetwork, featureName, type Network, type NetworkOptions } from '../model/network.ts'
import { PixelLabels, PixelScores } from './losses/loss.ts'
import { losses } from './losses/registry.ts'
import { numberForm } from '../engines/precision.ts'

type Size = Pick<NetworkOptions, 'batch' | 'height' | 'width' | 'classes'>

/** A head of the network, and how much its losses weigh. */
interface SupervisedHead {
  /** Of an auxiliary head; the last one has none. */
  readonly name?: string
  readonly weight: number
  readonly scores: PixelScores
}

/** The weighted sum of losses over all heads and each part unweighted: `loss` [1], `part:NAME` or `part:NAME HEAD` [1]. */
function lossOutputs(configs: readonly LossConfig[], heads: readonly SupervisedHead[]): Map<string, Tensor> {
  const outputs = new Map<string, Tensor>()
  let sum: Tensor | undefined
  for (const { name: head, weight: share, scores } of heads)
    for (const config of configs) {
      const definition = losses.get(config.name)
      const part = definition.build({ scores, args: definition.arguments.parse(config) })
      const name = head === undefined ? config.name : `${config.name} ${head}`
      const repeated = outputs.has(`part:${name}`) ? `${name} (${outputs.size + 1})` : name
      outputs.set(`part:${repeated}`, part)
      const weight = config.weight * share
      const weighted = weight === 1 ? part : multiply(part, weight)
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
 * @param precision fp16 makes `loss_scale` [1] an input, and the gradient that of loss · loss_scale
 * @param frozen what of the network stands still
 */
export function trainingProgram(
  model: ModelConfig,
  loss: readonly LossConfig[],
  size: Size,
  isCheckpointing = false,
  precision: Precision = 'fp32',
  frozen: Pick<NetworkOptions, 'isEncoderOutside' | 'frozenStatistics'> = {},
): TrainingProgram {
  const network = buildNetwork(model, { ...size, ...frozen, mode: 'training' })
  const { graph, logits, auxiliary, updates } = network
  graph.scope = 'loss'
  const labels = new PixelLabels(targetInput(network, size), size.classes)
  const scores = new PixelScores(logits, labels)
  const others = auxiliary.map((head) => ({ ...head, scores: new PixelScores(head.logits, labels) }))
  const outputs = lossOutputs(loss, [{ weight: 1, scores }, ...others])
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
  const scores = new PixelScores(logits, new PixelLabels(targetInput(network, size), size.classes))
  const labels = argMax(scores.logits)
  const outputs = new Map<string, Tensor>([['labels', labels]])
  if (probabilities) outputs.set('probabilities', scores.probabilities)
  if (loss !== undefined) {
    lossOutputs(loss, [{ weight: 1, scores }]).forEach((tensor, name) => outputs.set(name, tensor))
    outputs.set('confusion', confusion(scores, labels, size.batch))
  }
  return { network, program: fuseConvolutions(program(graph, { outputs })) }
}

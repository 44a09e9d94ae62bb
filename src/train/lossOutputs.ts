import type { MixedLabels } from '../augment/mixes/mix.ts'
import type { LossConfig } from '../core/experiment.ts'
import { add, multiply, negate, subtract, total } from '../graph/elementwise.ts'
import { input } from '../graph/sources.ts'
import { featureMap, type Tensor } from '../graph/tensor.ts'
import { PixelLabels, PixelScores } from './losses/loss.ts'
import { losses } from './losses/registry.ts'

/** A head of the network, and how much its losses weigh. */
export interface SupervisedHead {
  /** Of an auxiliary head; the last one has none. */
  readonly name?: string
  readonly weight: number
  /** [N, C, H, W] */
  readonly logits: Tensor
  /** The logits against the labels. */
  readonly scores: PixelScores
}

/** The labels of every pixel of [N, C, H, W], int32 [N·H·W]. */
export function targetInput(logits: Tensor, name = 'target'): Tensor {
  const [batch, , height, width] = featureMap(logits)
  return input(logits.graph, name, [batch * height * width], 'data', 'int32')
}

type Part = (config: LossConfig, scores: PixelScores) => Tensor

const ordinary: Part = (config, scores) => {
  const definition = losses.get(config.name)
  return definition.build({ scores, args: definition.arguments.parse(config) })
}

/** The weighted sum of losses over all heads and each part unweighted: `loss` [1], `part:NAME` or `part:NAME HEAD` [1]. */
export function lossOutputs(
  configs: readonly LossConfig[],
  heads: readonly SupervisedHead[],
  partOf = ordinary,
): Map<string, Tensor> {
  const outputs = new Map<string, Tensor>()
  let sum: Tensor | undefined
  for (const { name: head, weight: share, scores } of heads)
    for (const config of configs) {
      const part = partOf(config, scores)
      const name = head === undefined ? config.name : `${config.name} ${head}`
      const repeated = outputs.has(`part:${name}`) ? `${name} (${outputs.size + 1})` : name
      outputs.set(`part:${repeated}`, part)
      const weight = config.weight * share
      const weighted = weight === 1 ? part : multiply(part, weight)
      sum = sum ? add(sum, weighted) : weighted
    }
  return new Map([['loss', sum!], ...outputs])
}

/** The same for a batch that may be mixed; its further inputs are those of `labelInputs`. */
export function mixedOutputs(
  labels: MixedLabels,
  configs: readonly LossConfig[],
  heads: readonly SupervisedHead[],
): Map<string, Tensor> {
  switch (labels) {
    case 'one':
      return lossOutputs(configs, heads)
    case 'two':
      return sharedOutputs(configs, heads)
    case 'weighted':
      return weightedOutputs(configs, heads)
  }
}

/** λ · L(y) + (1 − λ) · L(y of the partner), for any losses (Zhang et al., ICLR 2018). */
function sharedOutputs(configs: readonly LossConfig[], heads: readonly SupervisedHead[]): Map<string, Tensor> {
  const [{ logits, scores }] = heads
  const partners = new PixelLabels(targetInput(logits, 'target:second'), scores.classes)
  const share = input(logits.graph, 'share', [1])
  const rest = subtract(1, share)
  const others = lossOutputs(
    configs,
    heads.map((head) => ({ ...head, scores: new PixelScores(head.logits, partners) })),
  )
  return new Map(
    Array.from(lossOutputs(configs, heads), ([name, loss]) => [
      name,
      add(multiply(share, loss), multiply(rest, others.get(name)!)),
    ]),
  )
}

/** Σ weight · cross entropy over the pixels (SnapMix). */
function weightedOutputs(configs: readonly LossConfig[], heads: readonly SupervisedHead[]): Map<string, Tensor> {
  const { truth } = heads[0].scores
  const weights = input(truth.graph, 'pixelWeight', [truth.shape[0], 1])
  return lossOutputs(configs, heads, (_, { logProbabilities }) =>
    negate(total(multiply(multiply(truth, weights), logProbabilities))),
  )
}

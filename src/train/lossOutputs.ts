import type { MixedLabels } from '../augment/mixes/mix.ts'
import type { LossConfig } from '../core/experiment.ts'
import { add, multiply, negate, subtract, total } from '../graph/elementwise.ts'
import { input } from '../graph/sources.ts'
import { featureMap, type Tensor } from '../graph/tensor.ts'
import { PixelScores } from './losses/loss.ts'
import { losses } from './losses/registry.ts'

/** The labels of every pixel of [N, C, H, W], int32 [N·H·W]. */
export function targetInput(logits: Tensor, name = 'target'): Tensor {
  const [batch, , height, width] = featureMap(logits)
  return input(logits.graph, name, [batch * height * width], 'data', 'int32')
}

/** The weighted sum of losses and each part unweighted: `loss` [1], `part:NAME` [1]. */
export function lossOutputs(configs: readonly LossConfig[], scores: PixelScores): Map<string, Tensor> {
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

/** The same for a batch that may be mixed; its further inputs are those of `labelInputs`. */
export function mixedOutputs(
  labels: MixedLabels,
  configs: readonly LossConfig[],
  scores: PixelScores,
  logits: Tensor,
): Map<string, Tensor> {
  switch (labels) {
    case 'one':
      return lossOutputs(configs, scores)
    case 'two':
      return sharedOutputs(configs, scores, new PixelScores(logits, targetInput(logits, 'target:second')))
    case 'weighted':
      return weightedOutputs(configs[0], scores)
  }
}

/** λ · L(y) + (1 − λ) · L(y of the partner), for any losses (Zhang et al., ICLR 2018). */
function sharedOutputs(configs: readonly LossConfig[], own: PixelScores, other: PixelScores): Map<string, Tensor> {
  const share = input(own.truth.graph, 'share', [1])
  const rest = subtract(1, share)
  const others = lossOutputs(configs, other)
  return new Map(
    Array.from(lossOutputs(configs, own), ([name, loss]) => [
      name,
      add(multiply(share, loss), multiply(rest, others.get(name)!)),
    ]),
  )
}

/** Σ weight · cross entropy over the pixels (SnapMix). */
function weightedOutputs({ name, weight }: LossConfig, { truth, logProbabilities }: PixelScores): Map<string, Tensor> {
  const weights = input(truth.graph, 'pixelWeight', [truth.shape[0], 1])
  const part = negate(total(multiply(multiply(truth, weights), logProbabilities)))
  return new Map([
    ['loss', multiply(part, weight)],
    [`part:${name}`, part],
  ])
}

import type { BatchNormAttributes } from './operations.ts'
import type { Tensor } from './tensor.ts'

export interface BatchNormResult {
  readonly y: Tensor
  /** Batch mean [C]. */
  readonly mean: Tensor
  /** Biased batch variance [C]. */
  readonly variance: Tensor
}

/**
 * BatchNorm with the statistics of the batch (Ioffe & Szegedy 2015), and what a fusing pass may add to it:
 * activation(sampleScale · BatchNorm(x) + skip). gamma and beta are [C], sampleScale [N].
 */
export function batchNorm(
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  attributes: BatchNormAttributes,
  skip?: Tensor,
  sampleScale?: Tensor,
): BatchNormResult {
  const channels = { shape: gamma.shape }
  const types = [{ shape: x.shape }, channels, channels, { shape: x.shape }]
  const [y, mean, variance] = x.graph.emit('batchNorm', [x, gamma, beta, skip, sampleScale], attributes, types)
  return { y: y, mean: mean, variance: variance }
}

/** BatchNorm with given (running) statistics. */
export function batchNormInference(
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  mean: Tensor,
  variance: Tensor,
  epsilon: number,
): Tensor {
  return x.graph.emit('batchNormInference', [x, gamma, beta, mean, variance], { epsilon }, [{ shape: x.shape }])[0]
}

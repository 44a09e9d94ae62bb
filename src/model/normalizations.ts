import { add, multiply, reciprocal, reduceSum, reshape, sqrt, subtract } from '../graph/elementwise.ts'
import { batchNorm } from '../graph/normalization.ts'
import { pixelMap, pixelRows } from '../graph/pixels.ts'
import { constant } from '../graph/sources.ts'
import { featureMap, type Tensor } from '../graph/tensor.ts'
import type { NetworkBuilder } from './networkBuilder.ts'

/** torch's default. */
const groupEpsilon = 1e-5

/** Each image's groups of channels by their own mean and variance (Wu & He 2018): a BatchNorm that takes groups for channels. */
export function groupNorm(builder: NetworkBuilder, x: Tensor, key: string, groups: number): Tensor {
  const [N, C, H, W] = featureMap(x)
  if (C % groups !== 0) throw new Error(`groupNorm: ${C} channels in ${groups} groups`)
  const vector = (value: number): Tensor => constant(x.graph, new Float32Array(N * groups).fill(value), [N * groups])
  const grouped = reshape(x, [1, N * groups, (C / groups) * H, W])
  const { y } = batchNorm(grouped, vector(1), vector(0), { epsilon: groupEpsilon, activation: 'identity' })
  return builder.affine(reshape(y, x.shape), key)
}

/** Each pixel by the mean and variance of its channels (Ba et al. 2016). */
export function layerNorm2d(builder: NetworkBuilder, x: Tensor, key: string, epsilon: number): Tensor {
  const rows = pixelRows(x)
  const overChannels = (values: Tensor): Tensor => multiply(reduceSum(values, [1], true), 1 / featureMap(x)[1])
  const centred = subtract(rows, overChannels(rows))
  const variance = overChannels(multiply(centred, centred))
  const normalized = multiply(centred, reciprocal(sqrt(add(variance, epsilon))))
  return builder.affine(pixelMap(normalized, x.shape), key)
}

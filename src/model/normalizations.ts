import { reshape } from '../graph/elementwise.ts'
import { layerNorm } from '../graph/matrices.ts'
import { batchNorm } from '../graph/normalization.ts'
import { pixelMap, pixelRows } from '../graph/pixels.ts'
import { constant } from '../graph/sources.ts'
import { featureMap, type Tensor } from '../graph/tensor.ts'
import { constantOf } from './initializers.ts'
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
  return pixelMap(layerNormOfRows(builder, pixelRows(x), key, epsilon), x.shape)
}

/** The same of pixels that are rows already, [R, C]. */
export function layerNormOfRows(builder: NetworkBuilder, x: Tensor, key: string, epsilon: number): Tensor {
  const [, C] = x.shape
  x.graph.scope = key
  const gamma = builder.parameter(x.graph, `${key}.weight`, [C], constantOf(1))
  const beta = builder.parameter(x.graph, `${key}.bias`, [C], constantOf(0))
  return layerNorm(x, gamma, beta, epsilon)
}

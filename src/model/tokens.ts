import { multiply, reshape } from '../graph/elementwise.ts'
import { matMul, softmax, transpose } from '../graph/matrices.ts'
import { sliceChannels } from '../graph/channels.ts'
import { pixelMap, pixelRows } from '../graph/pixels.ts'
import type { Tensor } from '../graph/tensor.ts'
import type { ConvolutionInitializer } from './initializers.ts'
import type { NetworkBuilder } from './networkBuilder.ts'

// Layers over pixels as rows, [N·H·W, C]: what transformers call tokens.

/** The maps that rows stand for. */
export interface Grid {
  readonly batch: number
  readonly height: number
  readonly width: number
}

export interface LinearSettings {
  readonly outputs: number
  readonly initial: ConvolutionInitializer
  /** Trained factors of the outputs, [outputs], which become part of the weights. */
  readonly scale?: Tensor | undefined
}

/** torch's `Linear` with bias: x [R, I] → [R, outputs]. */
export function linear(builder: NetworkBuilder, x: Tensor, key: string, settings: LinearSettings): Tensor {
  const { outputs, initial, scale } = settings
  const { weight, bias } = builder.weights(x, key, [outputs, x.shape[1]], 1, { bias: true, initial })
  if (scale === undefined) return matMul(x, weight, { transposeB: true, bias })
  const scaled = multiply(weight, reshape(scale, [outputs, 1]))
  return matMul(x, scaled, { transposeB: true, bias: multiply(bias!, scale) })
}

export interface PatchSettings {
  readonly outputs: number
  /** Rows and columns of a patch. */
  readonly extent: number
  readonly initial: ConvolutionInitializer
}

/**
 * A convolution with bias over patches that neither overlap nor leave a pixel out: one product of matrices.
 * @param x [N·H·W, C]
 * @returns [N·H'·W', outputs] and the grid of those; where the patches do not fit, or the stage dilates, by a convolution
 */
export function patchConv(
  builder: NetworkBuilder,
  x: Tensor,
  key: string,
  { outputs, extent, initial }: PatchSettings,
  grid: Grid,
): { readonly rows: Tensor; readonly grid: Grid } {
  const [, C] = x.shape
  const { batch, height, width } = grid
  if (builder.dilation > 1 || height % extent !== 0 || width % extent !== 0) {
    const settings = { outputs, kernel: extent, stride: extent, pads: [0, 0, 0, 0], bias: true, initial } as const
    const map = builder.conv(pixelMap(x, [batch, C, height, width]), key, settings)
    return { rows: pixelRows(map), grid: { batch, height: map.shape[2], width: map.shape[3] } }
  }
  const { weight, bias } = builder.weights(x, key, [outputs, C, extent, extent], 1, { bias: true, initial })
  const small = { batch, height: height / extent, width: width / extent }
  const columns = extent * extent * C
  const bands = reshape(x, [batch * small.height, extent, small.width, extent * C])
  const patches = reshape(transpose(bands, [0, 2, 1, 3]), [batch * small.height * small.width, columns])
  const matrix = reshape(transpose(reshape(weight, [outputs, C, extent * extent]), [0, 2, 1]), [outputs, columns])
  return { rows: matMul(patches, matrix, { transposeB: true, bias }), grid: small }
}

/** [N·L, heads·d] → [N·heads, L, d] of heads `first` … `first + count`. */
export function splitHeads(x: Tensor, batch: number, heads: number, first = 0, count = heads): Tensor {
  const [length, depth] = [x.shape[0] / batch, x.shape[1] / heads]
  if (heads === 1) return reshape(x, [batch, length, depth])
  const split = transpose(reshape(x, [batch, length, heads, depth]), [0, 2, 1, 3])
  return reshape(count === heads ? split : sliceChannels(split, first, count), [batch * count, length, depth])
}

/** The inverse of `splitHeads`: [N·heads, L, d] → [N·L, heads·d]. */
function joinHeads(x: Tensor, batch: number): Tensor {
  const [stack, length, depth] = x.shape
  const heads = stack / batch
  const joined = transpose(reshape(x, [batch, heads, length, depth]), [0, 2, 1, 3])
  return reshape(joined, [batch * length, heads * depth])
}

/**
 * Scaled dot-product attention (Vaswani et al. 2017): softmax(Q·Kᵀ/√d)·V.
 * @param queries [N·heads, L, d]
 * @param keys [N·heads, M, d], and so are the values
 * @returns [N·L, heads·d]
 */
export function attend(queries: Tensor, keys: Tensor, values: Tensor, batch: number): Tensor {
  const scaled = multiply(queries, 1 / Math.sqrt(queries.shape[2]))
  const weights = softmax(matMul(scaled, keys, { transposeB: true }))
  return joinHeads(matMul(weights, values), batch)
}

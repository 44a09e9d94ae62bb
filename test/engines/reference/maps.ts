import type { PoolAttributes, ResizeAttributes } from '../../../src/graph/operations.ts'
import { size, type NodeOf, type Shape } from '../../../src/graph/tensor.ts'
import { activated } from './activation.ts'
import type { Reference, Values } from './evaluate.ts'

type Extents = readonly [N: number, C: number, H: number, W: number]
/** Index of image, channel, row and column. */
type At = (n: number, c: number, y: number, x: number) => number

function fill(shape: Shape, value: At): Values {
  const [N, C, H, W] = shape as Extents
  const result = new Float64Array(size(shape))
  let position = 0
  for (let n = 0; n < N; n++)
    for (let c = 0; c < C; c++)
      for (let y = 0; y < H; y++) for (let x = 0; x < W; x++) result[position++] = value(n, c, y, x)
  return result
}

/** Reads a map; extents of 1 repeat. */
function reader(values: Values, shape: Shape): At {
  const [N, C, H, W] = shape as Extents
  const within = (index: number, extent: number): number => (extent === 1 ? 0 : index)
  return (n, c, y, x) => values[((within(n, N) * C + within(c, C)) * H + within(y, H)) * W + within(x, W)]
}

export function doubled(values: Values, shape: Shape): Values {
  const [N, C, H, W] = shape as Extents
  const at = reader(values, shape)
  return fill([N, C, 2 * H, 2 * W], (n, c, y, x) => at(n, c, Math.floor(y / 2), Math.floor(x / 2)))
}

/** Σ over H, W. */
function perChannel(values: Values, shape: Shape): Values {
  const [N, C, H, W] = shape as Extents
  return Float64Array.from({ length: N * C }, (_, index) =>
    values.subarray(index * H * W, (index + 1) * H * W).reduce((sum, value) => sum + value, 0),
  )
}

function overImages(sums: Values, channels: number): Values {
  const result = new Float64Array(channels)
  sums.forEach((value, index) => (result[index % channels] += value))
  return result
}

function normalized(
  { inputs: [x, , , skip, factor], attributes }: NodeOf<'batchNorm'>,
  inputs: readonly Values[],
): readonly Values[] {
  const [map, gamma, beta, skipped, factors] = inputs as [Values, Values, Values, Values, Values]
  const [N, C, H, W] = x.shape as Extents
  const pixels = N * H * W
  const mean = overImages(perChannel(map, x.shape), C).map((sum) => sum / pixels)
  const at = reader(map, x.shape)
  const centred = fill(x.shape, (n, c, y, z) => at(n, c, y, z) - mean[c])
  const variance = overImages(
    perChannel(
      centred.map((value) => value * value),
      x.shape,
    ),
    C,
  ).map((sum) => sum / pixels)
  let position = 0
  const preactivation = fill(x.shape, (n, c) => {
    const index = position++
    const value = (centred[index] / Math.sqrt(variance[c] + attributes.epsilon)) * gamma[c] + beta[c]
    return value * (factor ? factors[n] : 1) + (skip ? skipped[index] : 0)
  })
  return [activated(attributes.activation, preactivation), mean, variance, preactivation]
}

function pooled(values: Values, from: Shape, to: Shape, { kernel, stride, pad }: PoolAttributes): Values {
  const [, , H, W] = from as Extents
  return fill(to, (n, c, row, column) => {
    let best = -Infinity
    for (let y = Math.max(row * stride - pad, 0); y < Math.min(row * stride - pad + kernel, H); y++)
      for (let x = Math.max(column * stride - pad, 0); x < Math.min(column * stride - pad + kernel, W); x++)
        best = Math.max(best, values[((n * from[1] + c) * H + y) * W + x])
    return best
  })
}

/** Where one output pixel reads: two neighbours and the share of the upper one (definitions 1.3). */
function sample(index: number, from: number, to: number, { mode, alignCorners }: ResizeAttributes): readonly number[] {
  if (mode === 'nearest') return [Math.floor((index * from) / to), 0, 0]
  const aligned = to === 1 ? 0 : (index * (from - 1)) / (to - 1)
  const position = alignCorners ? aligned : Math.max(0, ((index + 0.5) * from) / to - 0.5)
  const low = Math.floor(position)
  return [low, Math.min(low + 1, from - 1), position - low]
}

/** The mean of the cell that pixel (row, column) of the result covers, whole pixels at its edges. */
function cellMean(at: At, [, , H, W]: Extents, [, , height, width]: Extents): At {
  const cell = (index: number, from: number, to: number): readonly [number, number] => [
    Math.floor((index * from) / to),
    Math.ceil(((index + 1) * from) / to),
  ]
  return (n, c, row, column) => {
    const [[top, bottom], [left, right]] = [cell(row, H, height), cell(column, W, width)]
    let sum = 0
    for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) sum += at(n, c, y, x)
    return sum / ((bottom - top) * (right - left))
  }
}

function resized(values: Values, from: Shape, to: Shape, attributes: ResizeAttributes): Values {
  const at = reader(values, from)
  const [, , H, W] = from as Extents
  if (attributes.mode === 'area') return fill(to, cellMean(at, from as Extents, to as Extents))
  return fill(to, (n, c, row, column) => {
    const [top, bottom, down] = sample(row, H, to[2], attributes) as [number, number, number]
    const [left, right, across] = sample(column, W, to[3], attributes) as [number, number, number]
    const upper = at(n, c, top, left) * (1 - across) + (across === 0 ? 0 : at(n, c, top, right) * across)
    if (down === 0) return upper
    const lower = at(n, c, bottom, left) * (1 - across) + (across === 0 ? 0 : at(n, c, bottom, right) * across)
    return upper * (1 - down) + lower * down
  })
}

export const mapReference: Reference<
  | 'batchNorm'
  | 'batchNormInference'
  | 'activation'
  | 'affineChannels'
  | 'channelDot'
  | 'channelSum'
  | 'scaleSamples'
  | 'concatChannels'
  | 'sliceChannels'
  | 'globalAveragePool'
  | 'spread'
  | 'maxPool2d'
  | 'upsampleNearest2x'
  | 'sumPool2x'
  | 'resize2d'
> = {
  batchNorm: normalized,
  batchNormInference: ({ inputs: [x], attributes: { epsilon } }, [map, gamma, beta, mean, variance]) => {
    const at = reader(map, x.shape)
    const scale = gamma.map((value, c) => value / Math.sqrt(variance[c] + epsilon))
    return fill(x.shape, (n, c, y, z) => (at(n, c, y, z) - mean[c]) * scale[c] + beta[c])
  },
  activation: ({ attributes: { kind } }, [x]) => activated(kind, x),
  affineChannels: ({ inputs: [x, scale, shift] }, [map, factors, offsets]) => {
    const [value, factor] = [reader(map, x.shape), reader(factors, scale.shape)]
    const offset = shift && reader(offsets, shift.shape)
    return fill(x.shape, (n, c, y, z) => value(n, c, y, z) * factor(n, c, 0, 0) + (offset?.(n, c, 0, 0) ?? 0))
  },
  channelDot: ({ inputs: [x] }, [a, b]) =>
    perChannel(
      a.map((value, index) => value * b[index]),
      x.shape,
    ),
  channelSum: ({ inputs: [x] }, [map]) => overImages(perChannel(map, x.shape), x.shape[1]),
  scaleSamples: ({ inputs: [x] }, [map, factors]) => {
    const at = reader(map, x.shape)
    return fill(x.shape, (n, c, y, z) => at(n, c, y, z) * factors[n])
  },
  concatChannels: ({ inputs, outputs: [y] }, maps) => {
    const channels = inputs.flatMap(({ shape }, part) => {
      const at = reader(maps[part], shape)
      return Array.from(
        { length: shape[1] },
        (_, c) => (n: number, row: number, column: number) => at(n, c, row, column),
      )
    })
    return fill(y.shape, (n, c, row, column) => channels[c](n, row, column))
  },
  sliceChannels: ({ inputs: [x], attributes: { offset }, outputs: [y] }, [map]) => {
    const [, C, H, W] = x.shape as Extents
    return fill(y.shape, (n, c, row, column) => map[((n * C + offset + c) * H + row) * W + column])
  },
  globalAveragePool: ({ inputs: [x] }, [map]) => {
    const [, , H, W] = x.shape as Extents
    return perChannel(map, x.shape).map((sum) => sum / (H * W))
  },
  spread: ({ inputs: [x], outputs: [y] }, [map]) => fill(y.shape, reader(map, x.shape)),
  maxPool2d: ({ inputs: [x], attributes, outputs: [y] }, [map]) => pooled(map, x.shape, y.shape, attributes),
  upsampleNearest2x: ({ inputs: [x] }, [map]) => doubled(map, x.shape),
  sumPool2x: ({ inputs: [x], outputs: [y] }, [map]) => {
    const at = reader(map, x.shape)
    const offsets = [0, 1].flatMap((down) => [0, 1].map((across) => [down, across] as const))
    return fill(y.shape, (n, c, row, column) =>
      offsets.reduce((sum, [down, across]) => sum + at(n, c, 2 * row + down, 2 * column + across), 0),
    )
  },
  resize2d: ({ inputs: [x], attributes, outputs: [y] }, [map]) => resized(map, x.shape, y.shape, attributes),
}

import type { ResizeAttributes } from './operations.ts'
import { globalAveragePool, spread } from './pooling.ts'
import { featureMap, type Tensor } from './tensor.ts'

/** Every pixel twice in each direction. */
export function upsampleNearest2x(x: Tensor): Tensor {
  const [N, C, H, W] = featureMap(x)
  return x.graph.emit('upsampleNearest2x', [x], {}, [{ shape: [N, C, 2 * H, 2 * W] }])[0]
}

/** To a fixed size, as torch's `interpolate`; exact doublings by nearest neighbour become a cheaper operation of their own. */
export function resize2d(x: Tensor, attributes: ResizeAttributes): Tensor {
  const [N, C, H, W] = featureMap(x)
  const { height, width, mode } = attributes
  if (height === H && width === W) return x
  if (mode === 'bilinear' && H * W === 1) return spread(x, height, width)
  if (mode === 'nearest' && isDoubled(height / H) && height * W === width * H)
    return resize2d(upsampleNearest2x(x), attributes)
  return x.graph.emit('resize2d', [x], attributes, [{ shape: [N, C, height, width] }])[0]
}

/** torch's `AdaptiveAvgPool2d(extent)`: windows overlap where the size is no multiple. */
export function adaptiveAveragePool(x: Tensor, extent: number): Tensor {
  if (extent === 1) return globalAveragePool(x)
  return resize2d(x, { height: extent, width: extent, mode: 'area', alignCorners: false })
}

/** Whether a factor is 2, 4, 8 …. */
function isDoubled(factor: number): boolean {
  return factor > 1 && Number.isInteger(Math.log2(factor))
}

/**
 * One axis of a resize as a matrix [to, from] (row-major): output = matrix · input. Resizing is linear and separable,
 * so its gradient is the transpose. Sampling positions: definitions 1.3.
 */
export function resizeMatrix(
  from: number,
  to: number,
  { mode, alignCorners }: Pick<ResizeAttributes, 'mode' | 'alignCorners'>,
): Float32Array {
  const matrix = new Float32Array(to * from)
  for (let row = 0; row < to; row++) {
    if (mode === 'area') {
      const [first, end] = [Math.floor((row * from) / to), Math.ceil(((row + 1) * from) / to)]
      matrix.fill(1 / (end - first), row * from + first, row * from + end)
      continue
    }
    if (mode === 'nearest') {
      matrix[row * from + Math.floor((row * from) / to)] = 1
      continue
    }
    const centred = Math.max(((row + 0.5) * from) / to - 0.5, 0)
    const position = alignCorners ? (to === 1 ? 0 : (row * (from - 1)) / (to - 1)) : centred
    const low = Math.min(Math.floor(position), from - 1)
    const high = Math.min(low + 1, from - 1)
    matrix[row * from + low] += 1 - (position - low)
    matrix[row * from + high] += position - low
  }
  return matrix
}

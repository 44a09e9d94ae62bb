import { slidingExtent } from './convolution.ts'
import type { PoolAttributes } from './operations.ts'
import { featureMap, type Tensor } from './tensor.ts'

/** Mean over height and width: [N, C, H, W] → [N, C, 1, 1]. */
export function globalAveragePool(x: Tensor): Tensor {
  const [N, C] = featureMap(x)
  return x.graph.emit('globalAveragePool', [x], {}, [{ shape: [N, C, 1, 1] }])[0]
}

/** Maximum over windows; padded pixels never win. */
export function maxPool2d(x: Tensor, attributes: PoolAttributes): Tensor {
  const [N, C, H, W] = featureMap(x)
  const { kernel, stride, pad } = attributes
  const extent = (length: number): number => slidingExtent(length, kernel, pad, pad, stride)
  return x.graph.emit('maxPool2d', [x], attributes, [{ shape: [N, C, extent(H), extent(W)] }])[0]
}

/** [N, C, 1, 1] repeated: [N, C, height, width]. */
export function spread(x: Tensor, height: number, width: number): Tensor {
  const [N, C] = featureMap(x)
  return x.graph.emit('spread', [x], { height, width }, [{ shape: [N, C, height, width] }])[0]
}

import { featureMap, sameShape, type Shape, type Tensor } from './tensor.ts'

/** Class scores of every pixel as one row: [N, C, H, W] → [N·H·W, C]. */
export function pixelRows(x: Tensor): Tensor {
  const [N, C, H, W] = featureMap(x)
  return x.graph.emit('pixelRows', [x], {}, [{ shape: [N * H * W, C] }])[0]
}

/** The inverse of `pixelRows`: [N·H·W, C] → [N, C, H, W]. */
export function pixelMap(rows: Tensor, shape: Shape): Tensor {
  return rows.graph.emit('pixelMap', [rows], {}, [{ shape }])[0]
}

/** log softmax over the last axis. */
export function logSoftmax(x: Tensor): Tensor {
  return x.graph.emit('logSoftmax', [x], {}, [{ shape: x.shape }])[0]
}

/** int32 [P] → float32 [P, classes]; indices outside 0 … classes−1 (ignored pixels) give a row of zeros. */
export function oneHot(indices: Tensor, classes: number): Tensor {
  return indices.graph.emit('oneHot', [indices], { classes }, [{ shape: [indices.shape[0], classes] }])[0]
}

/** [P, C] → int32 [P], the lowest index among equal scores. */
export function argMax(x: Tensor): Tensor {
  return x.graph.emit('argMax', [x], {}, [{ shape: [x.shape[0]], dtype: 'int32' }])[0]
}

/**
 * [R, P], [R, P] → [R, P]: what the values of a row sum up to at each element, itself included, when the row is walked from
 * the largest key to the smallest (the lowest index first among equals). Has no gradient.
 */
export function cumulateDescending(keys: Tensor, values: Tensor): Tensor {
  if (keys.shape.length !== 2 || !sameShape(keys.shape, values.shape))
    throw new Error('cumulateDescending: keys and values are rows of one shape')
  return keys.graph.emit('cumulateDescending', [keys, values], {}, [{ shape: keys.shape }])[0]
}

import { reshape } from './elementwise.ts'
import { featureMap, type Shape, type Tensor } from './tensor.ts'

/** Class scores of every pixel as one row: [N, C, H, W] → [N·H·W, C]. */
export function pixelRows(x: Tensor): Tensor {
  const [N, C, H, W] = featureMap(x)
  return x.graph.emit('pixelRows', [x], {}, [{ shape: [N * H * W, C] }])[0]
}

/** The inverse of `pixelRows`: [N·H·W, C] → [N, C, H, W]. */
export function pixelMap(rows: Tensor, shape: Shape): Tensor {
  return rows.graph.emit('pixelMap', [rows], {}, [{ shape }])[0]
}

/** [N, A, B] → [N, B, A]. */
export function transposeMatrices(x: Tensor): Tensor {
  const [N, A, B] = x.shape
  return reshape(pixelRows(reshape(x, [N, A, 1, B])), [N, B, A])
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

/** [N, L, A], [N, L, B] → [N, A, B]. */
export function matMulTransposeA(a: Tensor, b: Tensor): Tensor {
  const shape = [a.shape[0], a.shape[2], b.shape[2]]
  return a.graph.emit('matMulTransposeA', [a, b], {}, [{ shape }])[0]
}

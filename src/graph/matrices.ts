import { sameShape, type Shape, type Tensor } from './tensor.ts'

/** Which factors of a product are transposed first. */
export interface MatMulOptions {
  readonly transposeA?: boolean
  readonly transposeB?: boolean
  /** Added to every row; for products of two matrices. */
  readonly bias?: Tensor | undefined
}

/** A·B of two matrices, or of each pair in two stacks of them: [(L,) M, K], [(L,) K, N], bias [N] → [(L,) M, N]. */
export function matMul(a: Tensor, b: Tensor, options: MatMulOptions = {}): Tensor {
  const { transposeA = false, transposeB = false, bias } = options
  const [rows, inner] = lastTwo(a, transposeA)
  const [innerOfB, columns] = lastTwo(b, transposeB)
  const batch = a.shape.slice(0, -2)
  if (inner !== innerOfB || batch.length > 1 || !sameShape(batch, b.shape.slice(0, -2)))
    throw new Error(`matMul: [${a.shape.join(', ')}] and [${b.shape.join(', ')}] do not fit`)
  if (bias && (batch.length > 0 || !sameShape(bias.shape, [columns]))) throw new Error('matMul: the bias does not fit')
  const shape = [...batch, rows, columns]
  return a.graph.emit('matMul', [a, b, bias], { transposeA, transposeB }, [{ shape }])[0]
}

function lastTwo({ shape }: Tensor, isTransposed: boolean): readonly [number, number] {
  const [rows, columns] = shape.slice(-2)
  return isTransposed ? [columns, rows] : [rows, columns]
}

/** Axis i of the result is axis `permutation[i]` of x. */
export function transpose(x: Tensor, permutation: readonly number[]): Tensor {
  const shape: Shape = permutation.map((axis) => x.shape[axis])
  return x.graph.emit('transpose', [x], { permutation }, [{ shape }])[0]
}

/** Softmax over the last axis. */
export function softmax(x: Tensor): Tensor {
  return x.graph.emit('softmax', [x], {}, [{ shape: x.shape }])[0]
}

/**
 * Layer normalisation (Ba et al. 2016) of rows: (x − μ) / √(σ² + ε) · γ + β with the mean and biased variance of each row.
 * x [R, C], gamma and beta [C].
 */
export function layerNorm(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number): Tensor {
  const [R, C] = x.shape
  if (x.shape.length !== 2 || !sameShape(gamma.shape, [C]) || !sameShape(beta.shape, [C]))
    throw new Error('layerNorm: x is rows, gamma and beta have an element for each column')
  const perRow = { shape: [R, 1] }
  return x.graph.emit('layerNorm', [x, gamma, beta], { epsilon }, [{ shape: x.shape }, perRow, perRow])[0]
}

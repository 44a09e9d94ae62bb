import type { ActivationKind, BinaryFunction, UnaryFunction } from './operations.ts'
import { scalar } from './sources.ts'
import { sameShape, size, type FloatType, type Shape, type Tensor } from './tensor.ts'

/** NumPy's broadcasting of two shapes. */
export function broadcastShape(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1
    const right = b[axis - rank + b.length] ?? 1
    if (left !== right && left !== 1 && right !== 1)
      throw new Error(`[${a.join(', ')}] and [${b.join(', ')}] do not broadcast`)
    return Math.max(left, right)
  })
}

function binary(kind: BinaryFunction, a: Tensor | number, b: Tensor | number): Tensor {
  const graph = typeof a === 'number' ? (b as Tensor).graph : a.graph
  const left = typeof a === 'number' ? scalar(graph, a) : a
  const right = typeof b === 'number' ? scalar(graph, b) : b
  return graph.emit('binary', [left, right], { kind }, [{ shape: broadcastShape(left.shape, right.shape) }])[0]
}

export const add = (a: Tensor | number, b: Tensor | number): Tensor => binary('add', a, b)
export const subtract = (a: Tensor | number, b: Tensor | number): Tensor => binary('subtract', a, b)
export const multiply = (a: Tensor | number, b: Tensor | number): Tensor => binary('multiply', a, b)
export const divide = (a: Tensor | number, b: Tensor | number): Tensor => binary('divide', a, b)
export const maximum = (a: Tensor | number, b: Tensor | number): Tensor => binary('maximum', a, b)
export const minimum = (a: Tensor | number, b: Tensor | number): Tensor => binary('minimum', a, b)

/** 1 where a > b, else 0; has no gradient. */
export const greater = (a: Tensor | number, b: Tensor | number): Tensor => binary('greater', a, b)

function unary(kind: UnaryFunction, x: Tensor): Tensor {
  return x.graph.emit('unary', [x], { kind }, [{ shape: x.shape }])[0]
}

export const exp = (x: Tensor): Tensor => unary('exp', x)
export const log = (x: Tensor): Tensor => unary('log', x)
export const sqrt = (x: Tensor): Tensor => unary('sqrt', x)
export const negate = (x: Tensor): Tensor => unary('negate', x)
export const reciprocal = (x: Tensor): Tensor => unary('reciprocal', x)

/** factor · x + y; factor has one element. */
export function multiplyAdd(factor: Tensor | number, x: Tensor, y: Tensor): Tensor {
  const single = typeof factor === 'number' ? scalar(x.graph, factor) : factor
  if (size(single.shape) !== 1 || !sameShape(x.shape, y.shape)) throw new Error('multiplyAdd: shapes do not fit')
  return x.graph.emit('multiplyAdd', [single, x, y], {}, [{ shape: x.shape }])[0]
}

export function activation(kind: ActivationKind, x: Tensor): Tensor {
  return x.graph.emit('activation', [x], { kind }, [{ shape: x.shape }])[0]
}

export function reduceSum(x: Tensor, axes: readonly number[], keepDimensions = false): Tensor {
  const kept = x.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent))
  const shape = keepDimensions ? kept : kept.filter((_, axis) => !axes.includes(axis))
  return x.graph.emit('reduceSum', [x], { axes, keepDimensions }, [{ shape: shape.length === 0 ? [1] : shape }])[0]
}

/** Σ of all elements, as [1]. */
export function total(x: Tensor): Tensor {
  return reduceSum(
    x,
    x.shape.map((_, axis) => axis),
  )
}

/** Σ x² of a flat vector, as [1]. */
export function squaredNorm(x: Tensor): Tensor {
  return x.graph.emit('squaredNorm', [x], {}, [{ shape: [1] }])[0]
}

export function reshape(x: Tensor, shape: Shape): Tensor {
  if (size(shape) !== size(x.shape)) throw new Error(`reshape: [${x.shape.join(', ')}] to [${shape.join(', ')}]`)
  return sameShape(shape, x.shape) ? x : x.graph.emit('reshape', [x], {}, [{ shape, dtype: x.dtype }])[0]
}

/** The values as this type can hold them; the tensor itself where it is of that type. */
export function cast(x: Tensor, to: FloatType): Tensor {
  return x.dtype === to ? x : x.graph.emit('cast', [x], { to }, [{ shape: x.shape, dtype: to }])[0]
}

/** A half once more as float32, for the backward pass. */
export function castAgain(half: Tensor): Tensor {
  return half.graph.emit('cast', [half], { to: 'float32', isAgain: true }, [{ shape: half.shape }])[0]
}

/** a where the condition (one element) is greater than 0, else b; what is not chosen may be NaN. Has no gradient. */
export function select(condition: Tensor, a: Tensor, b: Tensor): Tensor {
  if (size(condition.shape) !== 1 || !sameShape(a.shape, b.shape)) throw new Error('select: shapes do not fit')
  return a.graph.emit('select', [condition, a, b], {}, [{ shape: a.shape }])[0]
}

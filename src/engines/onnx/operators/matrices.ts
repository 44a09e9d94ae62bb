import type { Tensor } from '../../../graph/tensor.ts'
import type { Emitter } from '../emitter.ts'
import type { LoweringTable, PlainValues } from '../lowering.ts'
import { turned } from './matMul.ts'

/** Operations on matrices in ordinary (row-major) layout, the same in every lowering. */
export const matrixOperators: LoweringTable<
  PlainValues,
  'matMul' | 'transpose' | 'softmax' | 'layerNorm' | 'layerNormGradient'
> = {
  matMul: (values, { inputs: [a, b, bias], attributes, outputs: [y] }) => {
    const { emitter } = values
    const [left, right] = [values.plain(a), values.plain(b)]
    const [transA, transB] = [Number(attributes.transposeA), Number(attributes.transposeB)]
    if (a.shape.length === 2) {
      const summands = bias ? [values.plain(bias)] : []
      values.setPlain(y, emitter.op('Gemm', [left, right, ...summands], { transA, transB }))
    } else values.setPlain(y, batched(emitter, left, right, { transA, transB, rank: a.shape.length }))
  },
  transpose: (values, { inputs: [x], attributes: { permutation }, outputs: [y] }) => {
    values.setPlain(y, values.emitter.transpose(values.plain(x), permutation))
  },
  softmax: (values, { inputs: [x], outputs: [y] }) => {
    values.setPlain(y, values.emitter.op('Softmax', [values.plain(x)], { axis: -1 }))
  },
  layerNorm: (values, { inputs, attributes: { epsilon }, outputs }) => {
    const names = inputs.map((tensor) => values.plain(tensor))
    const attributes = { axis: -1, epsilon: { float: epsilon } }
    values.emitter.ops('LayerNormalization', 3, names, attributes).forEach((name, index) => {
      values.setPlain(outputs[index], name)
    })
  },
  layerNormGradient: (values, { inputs, outputs: [dx, dGamma, dBeta] }) => {
    const { emitter } = values
    const [x, dy, gamma, mean, inverse] = inputs.map((tensor) => values.plain(tensor))
    const C = columnsOf(inputs[0])
    const normalized = emitter.multiply(emitter.subtract(x, mean), inverse)
    const product = emitter.multiply(dy, normalized)
    values.setPlain(dGamma, emitter.reduceSum(product, [0]))
    values.setPlain(dBeta, emitter.reduceSum(dy, [0]))
    // dx = (g − mean(g) − x̂·mean(g·x̂)) / σ with g = γ·dy; the means as products with γ / C.
    const weights = emitter.reshape(emitter.multiply(gamma, emitter.float(1 / C)), [C, 1])
    const [meanOfG, meanOfProduct] = [dy, product].map((rows) => emitter.op('MatMul', [rows, weights]))
    const projected = emitter.add(emitter.multiply(normalized, meanOfProduct), meanOfG)
    values.setPlain(dx, emitter.multiply(emitter.subtract(emitter.multiply(dy, gamma), projected), inverse))
  },
}

function columnsOf({ shape }: Tensor): number {
  return shape[shape.length - 1]
}

interface Batched {
  readonly transA: number
  readonly transB: number
  readonly rank: number
}

function batched(emitter: Emitter, a: string, b: string, { transA, transB, rank }: Batched): string {
  if (transA + transB === 0) return emitter.op('MatMul', [a, b])
  // The CPU multiplies transposed matrices without a copy; WebGPU would send them to the CPU and back.
  if (emitter.target === 'cpu') return emitter.op('FusedMatMul', [a, b], { transA, transB }, 'com.microsoft')
  const [left, right] = [transA === 1 ? turned(emitter, a, rank) : a, transB === 1 ? turned(emitter, b, rank) : b]
  return emitter.op('MatMul', [left, right])
}

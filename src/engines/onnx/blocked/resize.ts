import { resizeMatrix } from '../../../graph/resize.ts'
import { featureMap } from '../../../graph/tensor.ts'
import type { LoweringTable } from '../lowering.ts'
import { transposed } from './matrix.ts'
import type { BlockedMap, BlockedValues } from './values.ts'

/** A matrix per axis: [to, from] on columns of blocks, then on rows. */
function resample(
  values: BlockedValues,
  { name, N, C, H, W }: BlockedMap,
  rows: { readonly matrix: Float32Array; readonly to: number },
  columns: { readonly matrix: Float32Array; readonly to: number },
): string {
  const { emitter, block } = values
  const blocks = (N * C) / block
  const alongColumns = (x: string, height: number): string =>
    emitter.op('MatMul', [
      emitter.floats([1, columns.to, W], columns.matrix),
      emitter.reshape(x, [blocks * height, W, block]),
    ])
  const alongRows = (x: string, width: number): string =>
    emitter.op('MatMul', [emitter.floats([1, rows.to, H], rows.matrix), emitter.reshape(x, [blocks, H, width * block])])
  // The axis that shrinks first: fewer multiplications.
  const result = rows.to < H ? alongColumns(alongRows(name, W), rows.to) : alongRows(alongColumns(name, H), columns.to)
  return emitter.reshape(result, [N, C, rows.to, columns.to])
}

export const resizeOperators: LoweringTable<BlockedValues, 'resize2d' | 'resize2dGradient'> = {
  resize2d: (values, { inputs: [x], attributes, outputs: [output] }) => {
    const map = values.map(x)
    const axis = (from: number, to: number) => ({ matrix: resizeMatrix(from, to, attributes), to })
    const y = resample(values, map, axis(map.H, attributes.height), axis(map.W, attributes.width))
    values.setBlocked(output, y)
  },
  resize2dGradient: (values, { inputs: [dy], attributes, outputs: [output] }) => {
    const map = values.map(dy)
    const axis = (from: number, to: number) => ({
      matrix: transposed(resizeMatrix(from, to, attributes), to, from),
      to: from,
    })
    const [, , H, W] = featureMap(output)
    values.setBlocked(output, resample(values, map, axis(H, map.H), axis(W, map.W)))
  },
}

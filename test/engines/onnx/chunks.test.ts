import { describe, expect, it } from 'vitest'
import { rowMajorRows, chunksOf } from '../../../src/engines/onnx/chunks.ts'
import type { StoredParameter } from '../../../src/engines/onnx/lowering.ts'
import { program } from '../../../src/graph/program.ts'
import { Graph } from '../../../src/graph/tensor.ts'

const plan = { slots: [], build: () => program(new Graph(), {}) }

function stored(...shapes: readonly (readonly number[])[]): readonly StoredParameter[] {
  let offset = 0
  return shapes.map((shape, index) => {
    const length = shape.reduce((product, extent) => product * extent, 1)
    const parameter = { input: '', key: `p${index}`, shape, dims: shape, length, offset, rows: rowMajorRows(shape) }
    offset += length
    return { ...parameter, positions: () => Int32Array.from({ length }, (_, i) => i) }
  })
}

describe('chunks of the flat vectors', () => {
  const parameters = stored([4, 3], [4], [2, 2, 3, 3], [5], [6])

  it('are as long as allowed where parameters do not matter', () => {
    expect(chunksOf(plan, parameters, 100, 40).map(({ length }) => length)).toEqual([40, 40, 20])
  })

  it('end where a group does; padding belongs to the last', () => {
    const groupOf = ({ shape }: { readonly shape: readonly number[] }) => (shape.length === 1 ? 1 : 0)
    const chunks = chunksOf({ ...plan, groupOf }, parameters, 70, 8)
    // prettier-ignore
    expect(chunks.map(({ length, group }) => [length, group])).toEqual([
      ...[[8, 0], [4, 0], [4, 1]],
      ...[[8, 0], [8, 0], [8, 0], [8, 0], [4, 0]],
      ...[[8, 1], [8, 1], [2, 1]],
    ])
  })

  it('are whole tensors where rows matter, and vectors together', () => {
    const chunks = chunksOf({ ...plan, isByTensor: true }, parameters, 70, 8)
    expect(chunks.map(({ length, tensor }) => [length, tensor?.key, tensor?.rows])).toEqual([
      [12, 'p0', { outer: 4, inner: 3, block: 1 }],
      [4, undefined, undefined],
      [36, 'p2', { outer: 2, inner: 18, block: 1 }],
      [8, undefined, undefined],
      [8, undefined, undefined],
      [2, undefined, undefined],
    ])
    expect(chunks.reduce((sum, { length }) => sum + length, 0)).toBe(70)
  })
})

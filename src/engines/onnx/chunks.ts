import { size, type Shape } from '../../graph/tensor.ts'
import type { Chunk, StoredRows, UpdatePlan } from '../engine.ts'
import type { StoredParameter } from './lowering.ts'

/** The rows of a tensor that is stored in its logical order; a vector has none. */
export function rowMajorRows(shape: Shape): StoredRows | undefined {
  return shape.length < 2 ? undefined : { outer: shape[0], inner: size(shape.slice(1)), block: 1 }
}

/**
 * The flat vectors of `flatLength` elements cut for an update: between groups, around tensors where the plan wants each by
 * itself, and wherever a chunk would become longer than `longest`. Padding at the end belongs to what lies before it.
 */
export function chunksOf(
  { groupOf, isByTensor = false }: UpdatePlan,
  parameters: readonly StoredParameter[],
  flatLength: number,
  longest = flatLength,
): readonly Chunk[] {
  if (groupOf === undefined && !isByTensor) return cut({ length: flatLength, group: 0 }, longest)
  const stretches: Chunk[] = []
  for (const { key, shape, length, rows } of parameters) {
    const group = groupOf?.({ key, shape }) ?? 0
    if (isByTensor && rows !== undefined) stretches.push({ length, group, tensor: { key, shape, rows } })
    else extend(stretches, length, group)
  }
  const used = stretches.reduce((sum, { length }) => sum + length, 0)
  if (used < flatLength) extend(stretches, flatLength - used, stretches.at(-1)?.group ?? 0)
  return stretches.flatMap((stretch) => cut(stretch, longest))
}

/** Lengthens the last stretch where it is of the same group and no tensor of its own. */
function extend(stretches: Chunk[], length: number, group: number): void {
  const last = stretches.at(-1)
  if (last === undefined || last.group !== group || last.tensor !== undefined) stretches.push({ length, group })
  else stretches[stretches.length - 1] = { length: last.length + length, group }
}

function cut(stretch: Chunk, longest: number): readonly Chunk[] {
  const { length, group, tensor } = stretch
  if (tensor !== undefined) return [stretch]
  const count = Math.ceil(length / longest)
  return Array.from({ length: count }, (_, index) => ({ length: Math.min(longest, length - index * longest), group }))
}

import type { NamedTensor } from '../../core/safetensors.ts'
import { size, type Shape } from '../../graph/tensor.ts'
import type { Tensors } from '../engine.ts'
import type { StoredBuffer, StoredParameter } from './lowering.ts'

/** Fills a flat vector from checkpoint tensors. Throws where a parameter has no tensor or one of another size. */
export function packParameters(
  parameters: readonly StoredParameter[],
  tensors: Tensors,
  flat: Float32Array,
  prefix = '',
): void {
  for (const parameter of parameters) {
    const { key, shape, offset, length, piece } = parameter
    const tensor = tensors.get(prefix + key)
    if (tensor === undefined) throw new Error(`no tensor ${prefix}${key}`)
    const data = tensor.data as Float32Array
    const stored = flat.subarray(offset, offset + length)
    // The padding too: NaN of a training that diverged would stay in it and spread again.
    stored.fill(0)
    const positions = parameter.positions()
    const sources = sourceRows(shape, piece)
    if (data.length !== sources.total)
      throw new Error(`${prefix}${key} has ${data.length} elements, not ${sources.total}`)
    let index = 0
    for (let row = 0; row < sources.rows; row++) {
      const start = row * sources.stride + sources.offset
      for (let element = 0; element < sources.length; element++) stored[positions[index++]] = data[start + element]!
    }
  }
}

/** The inverse of `packParameters`; pieces of one tensor come together again. */
export function unpackParameters(
  parameters: readonly StoredParameter[],
  flat: Float32Array,
  prefix = '',
): Map<string, NamedTensor> {
  const tensors = new Map<string, { readonly shape: Shape; readonly data: Float32Array }>()
  for (const parameter of parameters) {
    const { key, shape, offset, length, piece } = parameter
    const whole = piece === undefined ? shape : [shape[0], piece.total, ...shape.slice(2)]
    const tensor = tensors.get(prefix + key) ?? { shape: whole, data: new Float32Array(size(whole)) }
    tensors.set(prefix + key, tensor)
    const stored = flat.subarray(offset, offset + length)
    const positions = parameter.positions()
    const sources = sourceRows(shape, piece)
    let index = 0
    for (let row = 0; row < sources.rows; row++) {
      const start = row * sources.stride + sources.offset
      for (let element = 0; element < sources.length; element++)
        tensor.data[start + element] = stored[positions[index++]]!
    }
  }
  return tensors
}

/** Where the elements of a piece lie in the whole tensor: `rows` runs of `length`, `stride` apart. */
function sourceRows(shape: Shape, piece: StoredParameter['piece']) {
  const [rows = 1, channels = 1, ...kernel] = shape
  const taps = size(kernel)
  const stride = (piece?.total ?? channels) * taps
  return { rows, length: channels * taps, stride, offset: (piece?.offset ?? 0) * taps, total: rows * stride }
}

/** Fills a padded running statistic; the padding is zero. */
export function packBuffer({ key, channels }: StoredBuffer, tensors: Tensors, stored: Float32Array): void {
  const tensor = tensors.get(key)
  if (tensor === undefined) throw new Error(`no tensor ${key}`)
  if (tensor.data.length !== channels) throw new Error(`${key} has ${tensor.data.length} elements, not ${channels}`)
  stored.fill(0)
  stored.set(tensor.data as Float32Array)
}

import { isHalf, size, type DType, type FloatType, type Tensor } from '../../../graph/tensor.ts'
import type { Emitter } from '../emitter.ts'
import type { PlainValues } from '../lowering.ts'
import { dataTypes } from '../onnxFile.ts'

/**
 * The tensor's value in another type. On a graphics card a half-precision value is one. The runtime's kernels for the CPU
 * know none (1.30: it widens half-precision graphs to float32 and drops the rounding with the casts that cancel out, and
 * refuses bfloat16): there it is a float32 that is rounded where it is cast and where it is read back.
 */
export function castTo(values: PlainValues, tensor: Tensor, to: FloatType, isAgain = false): string {
  const { emitter } = values
  const { dtype, shape } = tensor
  const name = values.plain(tensor)
  if (dtype === to) return name
  // As a view of other extents: the runtime's optimizer joins equal nodes.
  if (isAgain) return emitter.reshape(converted(emitter, emitter.reshape(name, [size(shape)]), dtype, to), shape)
  return converted(emitter, name, dtype, to)
}

function converted(emitter: Emitter, x: string, from: DType, to: FloatType): string {
  if (emitter.target === 'gpu' || from === 'int32') return cast(emitter, x, to)
  return cast(emitter, cast(emitter, x, isHalf(to) ? to : from), 'float32')
}

function cast(emitter: Emitter, x: string, to: FloatType): string {
  return emitter.op('Cast', [x], { to: dataTypes[to] })
}

/** A constant as an operand of values of this type. */
export function likeOperand(emitter: Emitter, constant: string, dtype: FloatType): string {
  return emitter.target === 'gpu' && isHalf(dtype) ? cast(emitter, constant, dtype) : constant
}

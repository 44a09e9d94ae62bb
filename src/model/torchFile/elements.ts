import type { NamedTensor } from '../../core/safetensors.ts'
import type { StorageType, TensorReference } from './tensorReference.ts'

type Data = NamedTensor['data']

/** Elements of a storage in the kind that tensors are kept in here: every float as float32, small integers as int32. */
export function decodeElements(bytes: Uint8Array<ArrayBuffer>, dtype: StorageType['dtype']): Data {
  const { buffer } = bytes
  switch (dtype) {
    case 'float32':
      return new Float32Array(buffer)
    case 'float64':
      return Float32Array.from(new Float64Array(buffer))
    case 'float16':
      return halves(new Uint16Array(buffer))
    case 'bfloat16':
      return brainHalves(new Uint16Array(buffer))
    case 'int64':
      return new BigInt64Array(buffer)
    case 'int32':
      return new Int32Array(buffer)
    case 'int16':
      return Int32Array.from(new Int16Array(buffer))
    case 'int8':
      return Int32Array.from(new Int8Array(buffer))
    case 'uint8':
    case 'bool':
      return bytes
    default:
      return dtype satisfies never
  }
}

/** The elements of a view in row-major order, in memory of their own where they are not the whole storage. */
export function viewElements<Elements extends Data>(storage: Elements, view: TensorReference): Elements {
  const { offset, shape, elements } = view
  if (isContiguous(view)) {
    const isWhole = offset === 0 && elements === storage.length
    return isWhole ? storage : (storage.slice(offset, offset + elements) as Elements)
  }
  const copy = new (storage.constructor as new (length: number) => Elements)(elements)
  const index = shape.map(() => 0)
  let from = offset
  for (let to = 0; to < elements; to++) {
    copy[to] = storage[from]
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += view.strides[axis]
      if (++index[axis] < shape[axis]) break
      from -= shape[axis] * view.strides[axis]
      index[axis] = 0
    }
  }
  return copy
}

function isContiguous({ shape, strides }: TensorReference): boolean {
  let stride = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== stride) return false
    stride *= shape[axis]
  }
  return true
}

/** IEEE 754 binary16. */
function halves(bits: Uint16Array): Float32Array {
  return Float32Array.from(bits, (half) => {
    const sign = half & 0x8000 ? -1 : 1
    const exponent = (half >> 10) & 0x1f
    const fraction = half & 0x3ff
    if (exponent === 0) return sign * fraction * 2 ** -24
    if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
  })
}

/** The upper half of a float32. */
function brainHalves(bits: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(bits, (half) => half << 16).buffer)
}

import { UserError } from './errors.ts'
import { decodeUtf8, encodeUtf8 } from './utf8.ts'

// The format of Hugging Face safetensors 0.4: eight bytes header length (little endian), JSON header, data without gaps.

/** Values row-major; `shape` is empty for a scalar. The class of `data` is the dtype: F32, I32, U8, I64 or F64. */
export interface NamedTensor {
  readonly shape: readonly number[]
  readonly data: Float32Array | Int32Array | Uint8Array | BigInt64Array | Float64Array
}

interface Safetensors {
  readonly tensors: Map<string, NamedTensor>
  readonly metadata: Record<string, string>
}

const arrayTypes = {
  F64: Float64Array,
  I64: BigInt64Array,
  F32: Float32Array,
  I32: Int32Array,
  U8: Uint8Array,
} as const
type Dtype = keyof typeof arrayTypes
/** Widest first, so that every tensor starts at a multiple of its element size. */
const dtypes = Object.keys(arrayTypes) as Dtype[]

/** The reference implementation refuses longer headers as well. */
const longestHeaderBytes = 100_000_000
const lengthBytes = 8

interface Entry {
  readonly name: string
  readonly dtype: Dtype
  readonly shape: readonly number[]
  readonly begin: number
  readonly end: number
}

function broken(reason: string, cause?: unknown): UserError {
  return new UserError(`Not a whole safetensors file: ${reason}.`, {
    hint: 'The file is torn or of another kind: copy or download it again, or take an earlier checkpoint.',
    code: 'broken-safetensors',
    cause,
  })
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; dataStart: number } {
  if (bytes.length < lengthBytes)
    throw broken(`it has ${bytes.length} bytes, fewer than the ${lengthBytes} of its header length`)
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, lengthBytes).getBigUint64(0, true))
  if (length > longestHeaderBytes) throw broken(`its header would have ${length} bytes`)
  const dataStart = lengthBytes + length
  if (dataStart > bytes.length) throw broken(`its header ends at byte ${dataStart} of ${bytes.length}`)
  let header: unknown
  try {
    header = JSON.parse(decodeUtf8(bytes.subarray(lengthBytes, dataStart)))
  } catch (cause) {
    throw broken('its header is not JSON', cause)
  }
  if (!isRecord(header)) throw broken('its header is not a JSON object')
  return { header, dataStart }
}

function readMetadata(value: unknown): Record<string, string> {
  if (value === undefined) return {}
  if (!isRecord(value)) throw broken('__metadata__ is not an object')
  const entries = Object.entries(value)
  if (entries.some(([, text]) => typeof text !== 'string')) throw broken('__metadata__ holds something other than text')
  return Object.fromEntries(entries) as Record<string, string>
}

function readEntry(name: string, value: unknown): Entry {
  const { dtype, shape, data_offsets: offsets } = isRecord(value) ? value : {}
  const known = dtypes.find((candidate) => candidate === dtype)
  if (known === undefined)
    throw broken(`tensor "${name}" has dtype ${JSON.stringify(dtype)}; ${dtypes.join(', ')} are read`)
  if (!Array.isArray(shape) || !shape.every(isSize)) throw broken(`tensor "${name}" has no valid shape`)
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize))
    throw broken(`tensor "${name}" has no valid data_offsets`)
  const [begin, end] = offsets as [number, number]
  const needed = shape.reduce((product, size) => product * size, arrayTypes[known].BYTES_PER_ELEMENT)
  if (end - begin !== needed) throw broken(`tensor "${name}" needs ${needed} bytes, its offsets give ${end - begin}`)
  return { name, dtype: known, shape, begin, end }
}

/** Tensors must follow each other without overlap or gap and fill the file, as the format demands. */
function checkLayout(entries: readonly Entry[], dataBytes: number): void {
  let position = 0
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== position)
      throw broken(`tensor "${name}" starts at byte ${begin} of the data, the one before ends at ${position}`)
    position = end
  }
  if (position !== dataBytes) throw broken(`its tensors need ${position} bytes of data, it has ${dataBytes}`)
}

/**
 * Reads F32, F64, I32, I64 and U8. Where alignment allows, `data` is a view into `bytes`, not a copy.
 * @throws UserError when the file is torn, overlaps itself or holds another dtype
 */
export function decodeSafetensors(bytes: Uint8Array): Safetensors {
  const { header, dataStart } = readHeader(bytes)
  const { __metadata__: metadata, ...described } = header
  const entries = Object.entries(described).map(([name, value]) => readEntry(name, value))
  checkLayout(entries, bytes.length - dataStart)
  const tensors = new Map<string, NamedTensor>()
  for (const { name, dtype, shape, begin, end } of entries) {
    const ArrayType = arrayTypes[dtype]
    let raw = bytes.subarray(dataStart + begin, dataStart + end)
    if (raw.byteOffset % ArrayType.BYTES_PER_ELEMENT !== 0) raw = new Uint8Array(raw)
    tensors.set(name, {
      shape,
      data: new ArrayType(raw.buffer as ArrayBuffer, raw.byteOffset, raw.byteLength / ArrayType.BYTES_PER_ELEMENT),
    })
  }
  return { tensors, metadata: readMetadata(metadata) }
}

function dtypeOf(name: string, { shape, data }: NamedTensor): Dtype {
  const dtype = dtypes.find((candidate) => data instanceof arrayTypes[candidate])
  if (dtype === undefined) throw new Error(`Tensor "${name}" is of a kind that safetensors does not hold`)
  const elements = shape.reduce((product, size) => product * size, 1)
  if (elements !== data.length)
    throw new Error(`Tensor "${name}" has shape [${shape.join(', ')}] but ${data.length} elements`)
  return dtype
}

/** Same tensors and metadata in any order → same bytes: tensors by dtype (widest first), then name; header padded to 8 bytes. */
export function encodeSafetensors(
  tensors: Iterable<readonly [string, NamedTensor]>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
  const sorted = Array.from(tensors, ([name, tensor]) => ({ name, tensor, dtype: dtypeOf(name, tensor) })).sort(
    (a, b) => dtypes.indexOf(a.dtype) - dtypes.indexOf(b.dtype) || byName(a.name, b.name),
  )
  const header: [string, unknown][] = []
  const texts = Object.entries(metadata).sort(([a], [b]) => byName(a, b))
  if (texts.length > 0) header.push(['__metadata__', Object.fromEntries(texts)])
  let dataBytes = 0
  for (const { name, tensor, dtype } of sorted) {
    const end = dataBytes + tensor.data.byteLength
    header.push([name, { dtype, shape: tensor.shape, data_offsets: [dataBytes, end] }])
    dataBytes = end
  }
  if (new Set(header.map(([name]) => name)).size !== header.length)
    throw new Error('Two tensors share a name, or one is called __metadata__')
  const json = encodeUtf8(JSON.stringify(Object.fromEntries(header)))
  const headerBytes = Math.ceil(json.length / 8) * 8
  const bytes = new Uint8Array(lengthBytes + headerBytes + dataBytes)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true)
  bytes.fill(0x20, lengthBytes, lengthBytes + headerBytes).set(json, lengthBytes)
  let position = lengthBytes + headerBytes
  for (const { tensor } of sorted) {
    bytes.set(new Uint8Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength), position)
    position += tensor.data.byteLength
  }
  return bytes
}

import { brokenTorchFile, refusedTorchFile } from './torchFileError.ts'

/** torch's element types that are read, by the name of their storage class (torch 2.x, `torch/storage.py`). */
export const storageTypes = {
  FloatStorage: { dtype: 'float32', bytes: 4 },
  HalfStorage: { dtype: 'float16', bytes: 2 },
  BFloat16Storage: { dtype: 'bfloat16', bytes: 2 },
  DoubleStorage: { dtype: 'float64', bytes: 8 },
  LongStorage: { dtype: 'int64', bytes: 8 },
  IntStorage: { dtype: 'int32', bytes: 4 },
  ShortStorage: { dtype: 'int16', bytes: 2 },
  CharStorage: { dtype: 'int8', bytes: 1 },
  ByteStorage: { dtype: 'uint8', bytes: 1 },
  BoolStorage: { dtype: 'bool', bytes: 1 },
} as const

/** Of a tensor; torch itself goes further, networks do not. */
const mostSides = 8

type StorageName = keyof typeof storageTypes

/** A storage class that a pickle names. */
export class StorageType {
  readonly dtype: (typeof storageTypes)[StorageName]['dtype']
  readonly elementBytes: number

  private constructor(name: StorageName) {
    this.dtype = storageTypes[name].dtype
    this.elementBytes = storageTypes[name].bytes
  }

  /** undefined where there is no such storage class. */
  static named(name: string): StorageType | undefined {
    return Object.hasOwn(storageTypes, name) ? new StorageType(name as StorageName) : undefined
  }
}

/** Elements that lie outside of the pickle, under a key of the file. */
export interface StorageReference {
  readonly key: string
  readonly type: StorageType
  readonly elements: number
}

/** A tensor as the pickle describes it: a view of a storage. */
export class TensorReference {
  readonly storage: StorageReference
  /** In elements of the storage. */
  readonly offset: number
  readonly shape: readonly number[]
  readonly strides: readonly number[]

  /** @throws UserError where the view leaves its storage, or shows more elements than that has */
  constructor(storage: StorageReference, offset: number, shape: readonly number[], strides: readonly number[]) {
    if (strides.length !== shape.length) throw brokenTorchFile('a tensor has other strides than sides')
    if (shape.length > mostSides) throw refusedTorchFile(`a tensor has ${shape.length} sides`)
    this.storage = storage
    this.offset = offset
    this.shape = shape
    this.strides = strides
    const last = shape.reduce((index, side, axis) => index + (side - 1) * strides[axis], offset)
    if (this.elements > 0 && last >= storage.elements)
      throw brokenTorchFile(`a tensor [${shape.join(', ')}] is larger than its storage of ${storage.elements} elements`)
    // An expanded tensor repeats its storage: a file of a few bytes could ask for any amount of memory.
    if (this.elements > storage.elements)
      throw refusedTorchFile(`a tensor [${shape.join(', ')}] repeats its storage of ${storage.elements} elements`)
  }

  get elements(): number {
    return this.shape.reduce((product, side) => product * side, 1)
  }
}

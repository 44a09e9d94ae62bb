import { PickleReader } from './pickleReader.ts'
import { StorageType, TensorReference, type StorageReference } from './tensorReference.ts'
import { brokenTorchFile, refusedTorchFile } from './torchFileError.ts'

// Python's pickle protocol 2 … 5 (CPython 3.13, Lib/pickletools.py), as far as torch.save writes it for tensors. Every
// other opcode and every other global is refused: nothing that a file names is ever looked up or called.

/** What a pickle of tensors holds. Lists and tuples are arrays, dictionaries are maps. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | StorageType
  | StorageReference
  | TensorReference
  | Constructor

/** The few functions that a file of tensors calls. */
type Constructor = (callArguments: readonly PickleValue[]) => PickleValue

/** One value costs at least one opcode: this bounds the memory of what is built. A state dict has some ten per tensor. */
const mostOpcodes = 4_000_000

const constructors: Readonly<Record<string, Constructor>> = {
  'collections.OrderedDict': (entries) => {
    if (entries.length > 0) throw refusedTorchFile('an OrderedDict is made from arguments')
    return new Map()
  },
  // (storage, offset, size, stride, requires_grad, backward_hooks, metadata)
  'torch._utils._rebuild_tensor_v2': ([storage, offset, shape, strides]) =>
    new TensorReference(storageOf(storage), lengthOf(offset), lengthsOf(shape), lengthsOf(strides)),
  'torch._utils._rebuild_tensor': ([storage, offset, shape, strides]) =>
    new TensorReference(storageOf(storage), lengthOf(offset), lengthsOf(shape), lengthsOf(strides)),
  // (data, requires_grad, backward_hooks)
  'torch._utils._rebuild_parameter': ([data]) => {
    if (data instanceof TensorReference) return data
    throw brokenTorchFile('a parameter without a tensor')
  },
  'torch.Size': ([sides]) => [...lengthsOf(sides)],
}

interface Unpickled {
  readonly value: PickleValue
  /** Storages that it names, by their keys. */
  readonly storages: ReadonlyMap<string, StorageReference>
  /** Position behind the pickle. */
  readonly end: number
}

/**
 * The value of a pickle that holds tensors and plain data.
 * @param start position of the pickle in `bytes`
 * @throws UserError `unsafe-pickle` with the name of what it asks for beside tensors, `broken-torch-file`
 */
export function unpickle(bytes: Uint8Array, start = 0): Unpickled {
  const reader = new PickleReader(bytes, start)
  const machine = new Machine()
  for (let count = 0; count < mostOpcodes; count++) {
    const opcode = reader.byte()
    if (opcode === 0x2e) return { value: machine.pop(), storages: machine.storages, end: reader.position }
    if (opcode in makers) machine.push(makers[opcode](reader, machine))
    else if (opcode in changers) changers[opcode](machine, reader)
    else throw refusedTorchFile(`its pickle uses the opcode 0x${opcode.toString(16)}`)
  }
  throw refusedTorchFile(`its pickle has more than ${mostOpcodes} parts`)
}

/** The pickle machine: a stack that marks divide, and a memo. */
class Machine {
  readonly memo = new Map<number, PickleValue>()
  readonly storages = new Map<string, StorageReference>()
  private stack: PickleValue[] = []
  private readonly outer: PickleValue[][] = []

  push(value: PickleValue): void {
    this.stack.push(value)
  }

  pop(): PickleValue {
    const value = this.stack.pop()
    if (value === undefined) throw brokenTorchFile('its pickle takes what it has not made')
    return value
  }

  get top(): PickleValue {
    const value = this.stack.at(-1)
    if (value === undefined) throw brokenTorchFile('its pickle takes what it has not made')
    return value
  }

  mark(): this {
    this.outer.push(this.stack)
    this.stack = []
    return this
  }

  /** Everything since the last mark. */
  popMark(): PickleValue[] {
    const values = this.stack
    const before = this.outer.pop()
    if (before === undefined) throw brokenTorchFile('its pickle takes what it has not made')
    this.stack = before
    return values
  }

  popSome(count: number): PickleValue[] {
    return Array.from({ length: count }, () => this.pop()).reverse()
  }

  remembered(key: number): PickleValue {
    const value = this.memo.get(key)
    if (value === undefined) throw brokenTorchFile('its pickle takes what it has not made')
    return value
  }

  setItems(entries: readonly PickleValue[]): this {
    const map = this.top
    if (!(map instanceof Map)) throw refusedTorchFile('its pickle sets entries of something that is no dictionary')
    for (let index = 0; index + 1 < entries.length; index += 2) map.set(entries[index], entries[index + 1])
    return this
  }

  append(values: readonly PickleValue[]): this {
    const list = this.top
    if (!Array.isArray(list)) throw refusedTorchFile('its pickle appends to something that is no list')
    for (const value of values) list.push(value)
    return this
  }

  /** The state of an OrderedDict are attributes, such as torch's `_metadata`: they are no weights. */
  build(): this {
    this.pop()
    if (!(this.top instanceof Map))
      throw refusedTorchFile('its pickle sets the state of something that is no dictionary')
    return this
  }

  /** ('storage', class, key, device, elements[, view]) */
  storage(id: PickleValue): StorageReference {
    if (!Array.isArray(id) || id[0] !== 'storage')
      throw refusedTorchFile('its pickle names something that is no storage')
    const [, type, key, , elements, view = null] = id
    if (!(type instanceof StorageType) || typeof key !== 'string')
      throw brokenTorchFile('a storage without type or key')
    if (view !== null) throw refusedTorchFile('a storage is a view of another (torch before 0.4)')
    const storage = { key, type, elements: lengthOf(elements) }
    this.storages.set(key, storage)
    return storage
  }
}

/** Opcodes that put something on the stack. */
const makers: Readonly<Record<number, (reader: PickleReader, machine: Machine) => PickleValue>> = {
  0x4e: () => null, // NONE
  0x88: () => true, // NEWTRUE
  0x89: () => false, // NEWFALSE
  0x4a: (reader) => reader.int32(), // BININT
  0x4b: (reader) => reader.byte(), // BININT1
  0x4d: (reader) => reader.uint16(), // BININT2
  0x8a: (reader) => reader.integer(reader.byte()), // LONG1
  0x47: (reader) => reader.float64(), // BINFLOAT
  0x55: (reader) => reader.text(reader.byte()), // SHORT_BINSTRING
  0x54: (reader) => reader.text(reader.uint32()), // BINSTRING
  0x58: (reader) => reader.text(reader.uint32()), // BINUNICODE
  0x8c: (reader) => reader.text(reader.byte()), // SHORT_BINUNICODE
  0x8d: (reader) => reader.text(reader.uint64()), // BINUNICODE8
  0x43: (reader) => reader.take(reader.byte()), // SHORT_BINBYTES
  0x42: (reader) => reader.take(reader.uint32()), // BINBYTES
  0x5d: () => [], // EMPTY_LIST
  0x29: () => [], // EMPTY_TUPLE
  0x7d: () => new Map(), // EMPTY_DICT
  0x74: (_, machine) => machine.popMark(), // TUPLE
  0x85: (_, machine) => machine.popSome(1), // TUPLE1
  0x86: (_, machine) => machine.popSome(2), // TUPLE2
  0x87: (_, machine) => machine.popSome(3), // TUPLE3
  0x68: (reader, machine) => machine.remembered(reader.byte()), // BINGET
  0x6a: (reader, machine) => machine.remembered(reader.uint32()), // LONG_BINGET
  0x63: (reader) => globalNamed(`${reader.line()}.${reader.line()}`), // GLOBAL
  0x93: (_, machine) => globalNamed(machine.popSome(2).map(nameOf).join('.')), // STACK_GLOBAL
  0x52: (_, machine) => called(machine.popSome(2)), // REDUCE
  0x51: (_, machine) => machine.storage(machine.pop()), // BINPERSID
}

/** Opcodes that change what is there. */
const changers: Readonly<Record<number, (machine: Machine, reader: PickleReader) => unknown>> = {
  0x80: (_, reader) => reader.byte(), // PROTO
  0x95: (_, reader) => reader.uint64(), // FRAME
  0x28: (machine) => machine.mark(), // MARK
  0x30: (machine) => machine.pop(), // POP
  0x61: (machine) => machine.append([machine.pop()]), // APPEND
  0x65: (machine) => machine.append(machine.popMark()), // APPENDS
  0x73: (machine) => machine.setItems(machine.popSome(2)), // SETITEM
  0x75: (machine) => machine.setItems(machine.popMark()), // SETITEMS
  0x62: (machine) => machine.build(), // BUILD
  0x71: (machine, reader) => machine.memo.set(reader.byte(), machine.top), // BINPUT
  0x72: (machine, reader) => machine.memo.set(reader.uint32(), machine.top), // LONG_BINPUT
  0x94: (machine) => machine.memo.set(machine.memo.size, machine.top), // MEMOIZE
}

function globalNamed(name: string): PickleValue {
  const storage = name.startsWith('torch.') ? StorageType.named(name.slice('torch.'.length)) : undefined
  const known = storage ?? (Object.hasOwn(constructors, name) ? constructors[name] : undefined)
  if (known !== undefined) return known
  throw refusedTorchFile(`it asks for "${name.slice(0, 200)}"`)
}

function called([callee, callArguments]: readonly PickleValue[]): PickleValue {
  if (typeof callee === 'function' && Array.isArray(callArguments)) return callee(callArguments)
  throw refusedTorchFile('its pickle calls something that is no constructor')
}

function nameOf(value: PickleValue): string {
  if (typeof value === 'string') return value
  throw brokenTorchFile('a name in its pickle is none')
}

function storageOf(value: PickleValue | undefined): StorageReference {
  if (typeof value === 'object' && value !== null && 'elements' in value && 'type' in value) return value
  throw brokenTorchFile('a tensor without a storage')
}

function lengthOf(value: PickleValue | undefined): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw brokenTorchFile('a size in its pickle is none')
}

function lengthsOf(value: PickleValue | undefined): readonly number[] {
  if (!Array.isArray(value)) throw brokenTorchFile('a shape in its pickle is none')
  return value.map(lengthOf)
}

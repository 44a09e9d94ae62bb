import { open, type FileHandle } from 'node:fs/promises'
import type { StorageReference } from './tensorReference.ts'
import { mostPickleBytes, type TorchContainer } from './torchContainer.ts'
import { brokenTorchFile } from './torchFileError.ts'
import { unpickle, type PickleValue } from './unpickle.ts'

// torch/serialization.py, _legacy_save: five pickles (magic number, protocol, system, the value, the storages' keys in
// order), then per storage its number of elements (int64) and the elements.

const magic = 0x1950a86a20f9469cfc6cn
const protocol = 1001

const countBytes = 8
/** One call reads no more than 2 GiB. */
const mostReadBytes = 2 ** 30

/**
 * The format of torch < 1.6, in which many published weights still are.
 * @throws UserError where it is torn or holds more than tensors
 */
export async function openLegacyContainer(path: string): Promise<TorchContainer> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const head = await read(file, 0, Math.min(size, mostPickleBytes))
    const { values, storages, end } = pickles(head)
    const [number, version, system, value, keys] = values
    if (number !== magic || version !== protocol) throw brokenTorchFile('it does not begin as torch.save begins')
    if (!(system instanceof Map) || system.get('little_endian') !== true)
      throw brokenTorchFile('its numbers are not little-endian')
    const positions = await positionsOf(file, end, keys, storages)
    return {
      value,
      elementsOf: async (storage) => {
        const position = positions.get(storage.key)
        if (position === undefined) throw brokenTorchFile(`storage ${storage.key} is missing`)
        return read(file, position, bytesOf(storage))
      },
      close: async () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

interface Pickles {
  readonly values: readonly PickleValue[]
  readonly storages: ReadonlyMap<string, StorageReference>
  readonly end: number
}

function pickles(bytes: Uint8Array): Pickles {
  const values: PickleValue[] = []
  const storages = new Map<string, StorageReference>()
  let end = 0
  while (values.length < 5) {
    const next = unpickle(bytes, end)
    values.push(next.value)
    for (const [key, storage] of next.storages) storages.set(key, storage)
    end = next.end
  }
  return { values, storages, end }
}

/** Where the elements of each storage begin, checked against the number of elements that stands before them. */
async function positionsOf(
  file: FileHandle,
  start: number,
  keys: PickleValue | undefined,
  storages: ReadonlyMap<string, StorageReference>,
): Promise<ReadonlyMap<string, number>> {
  if (!Array.isArray(keys)) throw brokenTorchFile('the list of its storages is none')
  const positions = new Map<string, number>()
  let position = start
  for (const key of keys) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined
    if (storage === undefined) throw brokenTorchFile('a storage that no tensor has')
    const count = await read(file, position, countBytes)
    if (Number(new DataView(count.buffer).getBigInt64(0, true)) !== storage.elements)
      throw brokenTorchFile(`storage ${storage.key} is of another size`)
    position += countBytes
    positions.set(storage.key, position)
    position += bytesOf(storage)
  }
  return positions
}

function bytesOf({ type, elements }: StorageReference): number {
  return elements * type.elementBytes
}

async function read(file: FileHandle, position: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const { size } = await file.stat()
  if (position + length > size) throw brokenTorchFile(`it ends at byte ${size} of at least ${position + length}`)
  const bytes = new Uint8Array(length)
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(bytes, done, Math.min(length - done, mostReadBytes), position + done)
    if (bytesRead === 0) throw brokenTorchFile('it ends too early')
    done += bytesRead
  }
  return bytes
}

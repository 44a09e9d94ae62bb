import { openPromise, type Entry, type ZipFile } from 'yauzl'
import { mostPickleBytes, type TorchContainer } from './torchContainer.ts'
import { brokenTorchFile, refusedTorchFile } from './torchFileError.ts'
import { unpickle } from './unpickle.ts'

/** One per storage, and a handful. */
const mostEntries = 200_000

/**
 * The format of torch ≥ 1.6: a zip archive, stored without compression, of `NAME/data.pkl` and `NAME/data/KEY`.
 * @throws UserError where it is torn, compressed or holds more than tensors
 */
export async function openZipContainer(path: string): Promise<TorchContainer> {
  const zip = await open(path)
  try {
    const entries = await entriesOf(zip)
    const pickle = [...entries.keys()].find((name) => /^[^/]+\/data\.pkl$/.test(name))
    if (pickle === undefined) throw brokenTorchFile('there is no data.pkl in the archive')
    const folder = pickle.slice(0, -'data.pkl'.length)
    const order = entries.get(`${folder}byteorder`)
    if (order !== undefined && Buffer.from(await bytesOf(zip, order, 16)).toString('latin1') !== 'little')
      throw refusedTorchFile('its numbers are big-endian')
    const { value } = unpickle(await bytesOf(zip, entries.get(pickle)!, mostPickleBytes))
    return {
      value,
      elementsOf: async ({ key, type, elements }) => {
        const entry = entries.get(`${folder}data/${key}`)
        if (entry === undefined) throw brokenTorchFile(`storage ${key} is missing`)
        const bytes = elements * type.elementBytes
        if (entry.uncompressedSize !== bytes)
          throw brokenTorchFile(`storage ${key} has ${entry.uncompressedSize} bytes instead of ${bytes}`)
        return bytesOf(zip, entry, bytes)
      },
      close: () => {
        zip.close()
        return Promise.resolve()
      },
    }
  } catch (error) {
    zip.close()
    throw error
  }
}

async function open(path: string): Promise<ZipFile> {
  try {
    return await openPromise(path, { autoClose: false })
  } catch (cause) {
    throw brokenTorchFile(`its archive cannot be read (${textOf(cause)})`, cause)
  }
}

async function entriesOf(zip: ZipFile): Promise<ReadonlyMap<string, Entry>> {
  if (zip.entryCount > mostEntries) throw refusedTorchFile(`its archive has ${zip.entryCount} entries`)
  const entries = new Map<string, Entry>()
  try {
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry)
  } catch (cause) {
    throw brokenTorchFile(`its archive cannot be read (${textOf(cause)})`, cause)
  }
  return entries
}

/** Stored entries alone: an archive can then hold no more than its own bytes. */
async function bytesOf(zip: ZipFile, entry: Entry, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const { fileName, compressionMethod, uncompressedSize } = entry
  if (compressionMethod !== 0) throw refusedTorchFile(`"${fileName}" is compressed, which torch.save never does`)
  if (uncompressedSize > most) throw refusedTorchFile(`"${fileName}" has ${uncompressedSize} bytes`)
  try {
    const stream = await zip.openReadStreamPromise(entry)
    const bytes = new Uint8Array(uncompressedSize)
    let position = 0
    for await (const chunk of stream) {
      bytes.set(chunk as Uint8Array, position)
      position += (chunk as Uint8Array).length
    }
    if (position !== uncompressedSize) throw brokenTorchFile(`"${fileName}" ends too early`)
    return bytes
  } catch (cause) {
    throw brokenTorchFile(`"${fileName}" cannot be read (${textOf(cause)})`, cause)
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

import { stat } from 'node:fs/promises'
import type { NamedTensor } from '../../core/safetensors.ts'
import { decodeElements, viewElements } from './elements.ts'
import { openLegacyContainer } from './legacyContainer.ts'
import { stateDictIn } from './stateDictIn.ts'
import type { StorageReference, TensorReference } from './tensorReference.ts'
import type { TorchContainer } from './torchContainer.ts'
import { refusedTorchFile } from './torchFileError.ts'
import { openZipContainer } from './zipContainer.ts'

/** How a file of torch begins: as a zip archive, or as a pickle of protocol 2 or later. */
export type TorchFormat = 'zip' | 'legacy'

/** Larger ones are no network that is trained here. */
const mostFileBytes = 4 * 2 ** 30

/**
 * The state dict of a file that `torch.save` wrote; floats of every width as float32. Only the storages of its tensors are
 * read, and they can together be no larger than four times the file. Runs in a thread of its own (`torchFile.ts`).
 * @throws UserError where it is torn, too large or holds more than tensors
 */
export async function readTensors(path: string, format: TorchFormat): Promise<Map<string, NamedTensor>> {
  const { size } = await stat(path)
  if (size > mostFileBytes) throw refusedTorchFile(`it has ${size} bytes, more than ${mostFileBytes}`)
  const container = await (format === 'zip' ? openZipContainer(path) : openLegacyContainer(path))
  try {
    const references = stateDictIn(container.value)
    checkSize(references, size)
    return await materialise(references, container)
  } finally {
    await container.close()
  }
}

/** Tied weights share a storage; a file in which thousands of tensors do so is made to fill the memory. */
function checkSize(references: ReadonlyMap<string, TensorReference>, fileBytes: number): void {
  const elements = [...references.values()].reduce((sum, reference) => sum + reference.elements, 0)
  if (elements > fileBytes)
    throw refusedTorchFile(`its tensors would have ${elements} elements, more than the file has bytes`)
}

/** Storage by storage, so that no more than one is in memory beside what was made of it. */
async function materialise(
  references: ReadonlyMap<string, TensorReference>,
  container: TorchContainer,
): Promise<Map<string, NamedTensor>> {
  const tensors = new Map<string, NamedTensor>()
  for (const [storage, views] of viewsByStorage(references)) {
    const data = decodeElements(await container.elementsOf(storage), storage.type.dtype)
    for (const [key, view] of views) tensors.set(key, { shape: view.shape, data: viewElements(data, view) })
  }
  return tensors
}

type Views = [key: string, view: TensorReference][]

function viewsByStorage(references: ReadonlyMap<string, TensorReference>): Iterable<[StorageReference, Views]> {
  const groups = new Map<string, [StorageReference, Views]>()
  for (const [key, view] of references) {
    const { storage } = view
    const group = groups.get(storage.key)
    if (group === undefined) groups.set(storage.key, [storage, [[key, view]]])
    else group[1].push([key, view])
  }
  return groups.values()
}

import type { PickleValue } from './unpickle.ts'
import type { StorageReference } from './tensorReference.ts'

/** What `torch.save` wrote: the pickled value, and the elements of its storages beside it. */
export interface TorchContainer {
  readonly value: PickleValue
  /** Little-endian elements of a storage, in memory of their own. @throws UserError where they are missing or torn */
  readonly elementsOf: (storage: StorageReference) => Promise<Uint8Array<ArrayBuffer>>
  readonly close: () => Promise<void>
}

/** A pickle is keys and shapes; longer ones hold something else than tensors. */
export const mostPickleBytes = 64 * 2 ** 20

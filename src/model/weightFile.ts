import { open, readFile } from 'node:fs/promises'
import { UserError } from '../core/errors.ts'
import { decodeSafetensors } from '../core/safetensors.ts'
import type { StateDict } from './stateDict.ts'
import { readTorchFile, torchFormatOf } from './torchFile/torchFile.ts'

/** Files of weights by their endings; what they are is told by their content. */
export const weightFileEndings = ['.safetensors', '.pth', '.pt', '.bin'] as const

/**
 * Every tensor of a file of weights: safetensors, or what `torch.save` wrote, whose floats become float32.
 * @throws UserError with the file, where it is torn, of another kind or holds more than tensors
 */
export async function readWeightFile(file: string): Promise<StateDict> {
  const format = await torchFormat(file)
  if (format !== undefined) return readTorchFile({ path: file, format })
  try {
    return decodeSafetensors(await readFile(file)).tensors
  } catch (error) {
    // A torn file does not know its own name.
    if (error instanceof UserError) throw new UserError(error.message, { ...error.details, file })
    throw error
  }
}

/** undefined for safetensors, and for what is neither. */
export async function torchFormat(file: string): Promise<ReturnType<typeof torchFormatOf>> {
  const handle = await open(file)
  try {
    const { buffer } = await handle.read(new Uint8Array(4), 0, 4, 0)
    return torchFormatOf(buffer)
  } finally {
    await handle.close()
  }
}

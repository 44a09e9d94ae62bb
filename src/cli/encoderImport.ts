import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { UserError } from '../core/errors.ts'
import { encodeSafetensors } from '../core/safetensors.ts'
import { encoderDeclarations } from '../model/encoderDeclarations.ts'
import type { EncoderDefinition } from '../model/encoders/encoder.ts'
import { loadPretrained, pretrainedWeights } from '../model/pretrained.ts'
import type { StateDict } from '../model/stateDict.ts'
import { torchFormat } from '../model/weightFile.ts'
import { readError, writeError } from '../runs/diskErrors.ts'
import { importWeights, type CachedWeights } from '../runs/weightCache.ts'

export interface ImportedWeights extends CachedWeights {
  /** Whether the file is, bit for bit, one that these weights are known by. */
  readonly isKnown: boolean
}

/**
 * Copies a file of weights into the user's cache once it is sure that it fits the encoder; one of torch as safetensors.
 * @param weights which of the encoder's weights it holds; where left out, told by its digest, or the only ones there are
 * @param source where it came from, for the record
 * @throws UserError where the file does not fit or it cannot be told which weights it holds
 */
export async function importEncoder(
  encoder: EncoderDefinition,
  file: string,
  weights: string | undefined,
  source = resolve(file),
): Promise<ImportedWeights> {
  const digest = await sha256Of(file)
  const known = encoder.weights.find((each) => filesOf(encoder, each).some(({ sha256 }) => sha256 === digest))
  const chosen = chosenWeights(encoder, file, weights, known)
  const state = await loadPretrained(file, encoder, encoderDeclarations(encoder))
  const isTorch = (await torchFormat(file)) !== undefined
  const entry = isTorch
    ? await importConverted(state, encoder, chosen, source)
    : await importWeights(file, encoder.name, chosen, source)
  return { ...entry, isKnown: known === chosen }
}

/** Training reads safetensors alone: what a pickle held is written anew, under the library's keys. */
async function importConverted(
  state: StateDict,
  { name, keyPrefix }: EncoderDefinition,
  weights: string,
  source: string,
): Promise<CachedWeights> {
  const tensors = Array.from(state, ([key, tensor]) => [key.slice(keyPrefix.length), tensor] as const)
  const file = join(tmpdir(), `foldwise-${randomUUID()}.safetensors`)
  try {
    await writeFile(file, encodeSafetensors(tensors, { format: 'pt' })).catch((error: unknown) => {
      throw writeError(error, file)
    })
    return await importWeights(file, name, weights, source)
  } finally {
    await rm(file, { force: true })
  }
}

function filesOf(encoder: EncoderDefinition, weights: string): readonly { readonly sha256: string }[] {
  return encoder.pretrained[weights].files ?? []
}

function chosenWeights(
  encoder: EncoderDefinition,
  file: string,
  asked: string | undefined,
  known: string | undefined,
): string {
  const { name, weights } = encoder
  if (asked !== undefined) pretrainedWeights(encoder, asked)
  const chosen = asked ?? known ?? (weights.length === 1 ? weights[0] : undefined)
  if (chosen !== undefined) return chosen
  throw new UserError(`which weights of encoder "${name}" does this file hold?`, {
    file,
    allowed: weights.length === 0 ? 'none: this encoder has no pretrained weights' : weights,
    hint: weights.length === 0 ? undefined : `Say it with --weights ${weights[0]}`,
    code: 'unknown-weights',
  })
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk as Uint8Array)
  } catch (error) {
    throw readError(error, file)
  }
  return hash.digest('hex')
}

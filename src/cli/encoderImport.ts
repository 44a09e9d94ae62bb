import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { UserError } from '../core/errors.ts'
import { parseExperiment } from '../core/experiment.ts'
import type { EncoderDefinition } from '../model/encoders/encoder.ts'
import { buildNetwork } from '../model/network.ts'
import { loadPretrained } from '../model/pretrained.ts'
import { readError } from '../runs/diskErrors.ts'
import { importWeights, type CachedWeights } from '../runs/weightCache.ts'
import { experimentSchema } from '../train/experimentSchema.ts'

interface ImportedWeights extends CachedWeights {
  /** Whether the file is, bit for bit, one that these weights are known by. */
  readonly isKnown: boolean
}

/**
 * Copies a file of weights into the user's cache once it is sure that it fits the encoder.
 * @param weights which of the encoder's weights it holds; where left out, told by its digest, or the only ones there are
 * @throws UserError where the file does not fit or it cannot be told which weights it holds
 */
export async function importEncoder(
  encoder: EncoderDefinition,
  file: string,
  weights: string | undefined,
): Promise<ImportedWeights> {
  const digest = await sha256Of(file)
  const known = encoder.weights.find((each) => filesOf(encoder, each).some(({ sha256 }) => sha256 === digest))
  const chosen = chosenWeights(encoder, file, weights, known)
  await loadPretrained(file, encoder, declarationsOf(encoder))
  return { ...(await importWeights(file, encoder.name, chosen)), isKnown: known === chosen }
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
  const isUnknownName = asked !== undefined && !weights.includes(asked)
  const chosen = asked ?? known ?? (weights.length === 1 ? weights[0] : undefined)
  if (chosen !== undefined && !isUnknownName) return chosen
  throw new UserError(
    isUnknownName
      ? `"${asked}" does not exist for encoder "${name}"`
      : `which weights of encoder "${name}" does this file hold?`,
    {
      file,
      value: asked,
      allowed: weights.length === 0 ? 'none: this encoder has no pretrained weights' : weights,
      hint: weights.length === 0 ? undefined : `Say it with --weights ${weights[0]}`,
      code: 'unknown-weights',
    },
  )
}

/** Every tensor of the encoder: those of a network over it, whose other ones loadPretrained leaves aside. */
function declarationsOf({ name }: EncoderDefinition): Parameters<typeof loadPretrained>[2] {
  const { model } = parseExperiment({ model: { encoder_name: name } }, experimentSchema, () => ({}))
  return buildNetwork(model, { mode: 'inference', batch: 1, height: 64, width: 64, classes: 1 }).declarations
}

async function sha256Of(file: string): Promise<string> {
  try {
    return createHash('sha256')
      .update(await readFile(file))
      .digest('hex')
  } catch (error) {
    throw readError(error, file)
  }
}

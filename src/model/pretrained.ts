import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { byteText } from '../core/byteText.ts'
import { UserError } from '../core/errors.ts'
import { nearestNames } from '../core/nearest.ts'
import type { NamedTensor } from '../core/safetensors.ts'
import { encoderBytes } from './encoderDeclarations.ts'
import type { EncoderDefinition, KnownFile, PretrainedWeights } from './encoders/encoder.ts'
import { encoders } from './encoders/registry.ts'
import type { Declaration } from './networkParts.ts'
import { checkStateDict, type StateDict } from './stateDict.ts'
import { readWeightFile } from './weightFile.ts'

/** @throws UserError that names the encoder's weights, and the nearest encoders that have the asked-for ones */
export function pretrainedWeights(encoder: EncoderDefinition, weights: string): PretrainedWeights {
  if (encoder.weights.includes(weights)) return encoder.pretrained[weights]
  const others = encodersWith(weights, encoder.name)
  throw new UserError(`Weights "${weights}" do not exist for encoder "${encoder.name}".`, {
    value: weights,
    allowed: [...encoder.weights, 'null'],
    hint: others.length === 0 ? undefined : `Nearest encoders with ${weights}: ${others.join(', ')}.`,
    code: 'unknown-weights',
  })
}

const mostEncoders = 5

/** Encoders that have these weights, those of a similar name first. */
export function encodersWith(weights: string, name: string): readonly string[] {
  const all = encoders.all.filter((encoder) => encoder.weights.includes(weights)).map((encoder) => encoder.name)
  const near = nearestNames(name, all)
  return [...near, ...all.filter((each) => !near.includes(each))].slice(0, mostEncoders)
}

/** What is to be done where training needs weights that are not on this machine */
export function weightsNotHere(encoder: EncoderDefinition, weights: string): UserError {
  const { name } = encoder
  const { licence } = pretrainedWeights(encoder, weights)
  const bytes = encoderBytes(encoder)
  const facts = `about ${byteText(bytes)}, licence: ${licence ?? 'not stated'}`
  return new UserError(`The "${weights}" weights of encoder "${name}" are not on this machine.`, {
    value: weights,
    hint: `Download them (${facts}): foldwise encoders ${name} --download --weights ${weights}. Or take over a file: foldwise encoders ${name} --import FILE --weights ${weights}. Or set encoder_weights to null.`,
    code: 'weights-not-here',
    download: { encoder: name, weights, bytes, licence },
  })
}

/** Name under which imported weights of an encoder are kept. */
export function weightsFileName(encoder: EncoderDefinition, weights: string): string {
  return `${encoder.name}.${weights}.safetensors`
}

/**
 * The file of pretrained weights in one of `folders`: one known by its digest, else one imported under `weightsFileName`.
 * @throws UserError where there is none, or where a known name holds something else
 */
export async function findPretrained(
  encoder: EncoderDefinition,
  weights: string,
  folders: readonly string[],
): Promise<string> {
  const { files = [] } = pretrainedWeights(encoder, weights)
  for (const folder of folders) {
    for (const file of files) {
      const path = join(folder, file.name)
      if (existsSync(path)) return await verified(path, file)
    }
    const imported = join(folder, weightsFileName(encoder, weights))
    if (existsSync(imported)) return imported
  }
  throw weightsNotHere(encoder, weights)
}

async function verified(path: string, { sha256 }: KnownFile): Promise<string> {
  const digest = createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
  if (digest === sha256) return path
  throw new UserError('The file has a known name but not the known content.', {
    file: path,
    value: `SHA-256 ${digest}`,
    allowed: `SHA-256 ${sha256}`,
    hint: 'It is torn or another file: copy it again, or give it another name.',
    code: 'weights-digest',
  })
}

/**
 * Reads weights of an encoder under its library's own keys, or prefixed as in an SMP checkpoint.
 * @param path of a safetensors file or of one that torch wrote
 * @param declarations of the network or of its encoder
 * @returns the encoder's part of the state dict (`encoder.…`)
 * @throws UserError where a key is missing, unexpected or of another shape; classifiers are left out silently
 */
export async function loadPretrained(
  path: string,
  encoder: EncoderDefinition,
  declarations: readonly Declaration[],
): Promise<StateDict> {
  return encoderState(await readWeightFile(path), encoder, declarations, path)
}

function encoderState(
  stored: StateDict,
  encoder: EncoderDefinition,
  declarations: readonly Declaration[],
  file: string,
): StateDict {
  const { keyPrefix, classifier, currentKey = (key: string): string => key } = encoder
  const tensors: StateDict = new Map(Array.from(stored, ([key, tensor]) => [currentKey(key), tensor]))
  const stem = `${keyPrefix}${encoder.stem}.weight`
  const prefix =
    [keyPrefix, 'encoder.', 'model.', ''].find((start) => tensors.has(`${start}${encoder.stem}.weight`)) ?? ''
  const state = new Map<string, NamedTensor>()
  for (const [key, tensor] of tensors) {
    const bare = key.slice(prefix.length)
    const isOther = !key.startsWith(prefix) || classifier.some((start) => bare.startsWith(start))
    if (!isOther) state.set(keyPrefix + bare, tensor)
  }
  const expected = declarations.filter(({ key }) => key.startsWith(keyPrefix))
  const image = state.get(stem)
  const channels = expected.find(({ key }) => key === stem)?.shape[1]
  if (image !== undefined && channels !== undefined) state.set(stem, adaptChannels(image, channels))
  // torch older than 0.4.1 did not count batches.
  for (const { key, kind } of expected)
    if (kind === 'counter' && !state.has(key)) state.set(key, { shape: [], data: new BigInt64Array(1) })
  checkStateDict(expected, state, file)
  return state
}

/**
 * A first convolution over RGB made one over other channels, so that its response keeps its size (definitions 1.5):
 * new[:, i] = old[:, i mod 3] · 3 / n, and the sum over the three for n = 1.
 */
function adaptChannels(weight: NamedTensor, channels: number): NamedTensor {
  const [outputs = 0, inputs, ...kernel] = weight.shape
  const { data } = weight
  if (inputs !== 3 || channels === 3 || !(data instanceof Float32Array)) return weight
  const taps = kernel.reduce((product, extent) => product * extent, 1)
  const adapted = new Float32Array(outputs * channels * taps)
  const old = (output: number, channel: number, tap: number): number => data[(output * 3 + channel) * taps + tap]
  for (let output = 0, index = 0; output < outputs; output++)
    for (let channel = 0; channel < channels; channel++)
      for (let tap = 0; tap < taps; tap++, index++)
        adapted[index] =
          channels === 1
            ? old(output, 0, tap) + old(output, 1, tap) + old(output, 2, tap)
            : (old(output, channel % 3, tap) * 3) / channels
  return { shape: [outputs, channels, ...kernel], data: adapted }
}

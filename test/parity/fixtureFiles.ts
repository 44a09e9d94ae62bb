import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeSafetensors, type NamedTensor } from '../../src/core/safetensors.ts'

export function readJson(folder: string, file: string): unknown {
  return JSON.parse(readFileSync(join(folder, file), 'utf8'))
}

/** The tensors of a fixture folder, by name. */
export type FixtureTensors = ReadonlyMap<string, NamedTensor>

export function readTensors(folder: string): FixtureTensors {
  return decodeSafetensors(readFileSync(join(folder, 'tensors.safetensors'))).tensors
}

/** Values of a tensor that is not of 64-bit integers. Throws where the file does not have it. */
export function valuesOf(tensors: FixtureTensors, name: string): Exclude<NamedTensor['data'], BigInt64Array> {
  const tensor = tensors.get(name)
  if (tensor === undefined || tensor.data instanceof BigInt64Array)
    throw new Error(`the fixture has no numbers ${name}`)
  return tensor.data
}

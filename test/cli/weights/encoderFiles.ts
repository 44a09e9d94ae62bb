import { encodeSafetensors, type NamedTensor } from '../../../src/core/safetensors.ts'
import { encoderDeclarations } from '../../../src/model/encoderDeclarations.ts'
import { encoders } from '../../../src/model/encoders/registry.ts'
import { initialState } from '../../../src/model/initialize.ts'

/** An encoder's random weights under its library's own keys, with a classifier. */
export function libraryTensors(name: string): Map<string, NamedTensor> {
  const encoder = encoders.get(name)
  const state = [...initialState(encoderDeclarations(encoder), 0)]
  const tensors = new Map(state.map(([key, tensor]) => [key.slice(encoder.keyPrefix.length), tensor]))
  return tensors.set(`${encoder.classifier[0]}weight`, { shape: [2, 512], data: new Float32Array(1024) })
}

export function libraryFile(name: string): Uint8Array {
  return encodeSafetensors(libraryTensors(name), { format: 'pt' })
}

import type { NamedTensor } from '../core/safetensors.ts'
import type { Tensors } from '../engines/engine.ts'
import { averageSlot } from './averageWeights.ts'

/**
 * Average of the running statistics of BatchNorm beside that of the weights (timm's ModelEmaV2 averages its whole state dict).
 * They are few: no engine has to know of it.
 */
export class RunningAverage {
  private readonly averages = new Map<string, NamedTensor>()

  /** @param tensors that it begins as copies of, by key */
  constructor(tensors: Tensors) {
    for (const [key, { shape, data }] of tensors)
      this.averages.set(key, { shape, data: Float32Array.from(data as Float32Array) })
  }

  /** average ← decay · average + (1 − decay) · current */
  add(current: Tensors, decay: number): void {
    for (const [key, { data }] of this.averages) {
      const average = data as Float32Array
      const values = current.get(key)?.data as Float32Array | undefined
      // What no layer of the network computes with stays what it was.
      if (values === undefined) continue
      for (let index = 0; index < average.length; index++)
        average[index] = decay * average[index] + (1 - decay) * values[index]
    }
  }

  /** Copies, under the prefix of the averaged weights. */
  save(): readonly (readonly [key: string, tensor: NamedTensor])[] {
    return Array.from(this.averages, ([key, { shape, data }]) => [
      `${averageSlot}/${key}`,
      { shape, data: (data as Float32Array).slice() },
    ])
  }
}

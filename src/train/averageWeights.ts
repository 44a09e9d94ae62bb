import type { NamedTensor } from '../core/safetensors.ts'
import type { Tensors } from '../engines/engine.ts'
import { multiply, multiplyAdd } from '../graph/elementwise.ts'
import { size, type Tensor } from '../graph/tensor.ts'

/** State vector of the averaged weights; in a checkpoint their keys, and those of averaged running statistics, begin with it. */
export const averageSlot = 'ema'

/** `train.ema`: exponential moving average of the weights. */
export interface AverageSettings {
  readonly decay: number
  readonly warmup: boolean
}

/**
 * ema ← d·ema + (1 − d)·θ with θ as the step leaves it.
 * @param next the parameters after the step
 * @param scalarOf inputs `ema_decay` and `ema_share`
 */
export function averagedParameters(next: Tensor, average: Tensor, scalarOf: (name: string) => Tensor): Tensor {
  return multiplyAdd(scalarOf('ema_share'), next, multiply(average, scalarOf('ema_decay')))
}

/** State before the first step: zeros, and the average is a copy of the weights. @param parameters by key */
export function initialSlots(slots: readonly string[], parameters: Tensors): Map<string, NamedTensor> {
  const zeros = Array.from(
    parameters,
    ([key, { shape }]) => [key, { shape, data: new Float32Array(size(shape)) }] as const,
  )
  return new Map(
    slots.flatMap((slot) =>
      [...(slot === averageSlot ? parameters : zeros)].map(([key, tensor]) => [`${slot}/${key}`, tensor] as const),
    ),
  )
}

/** Scalars of one step. @param step counted from 1 */
export function averageScalars(settings: AverageSettings, step: number): Readonly<Record<string, number>> {
  const decay = averageDecay(settings, step)
  return { ema_decay: decay, ema_share: 1 - decay }
}

/**
 * d of one step: constant (timm's ModelEmaV2), or with a warm-up (timm 1.0's ModelEmaV3, `use_warmup`)
 * min(decay, 1 − step^(−2/3)), 0 in the first: short runs do not drag their initial weights along.
 */
export function averageDecay({ decay, warmup }: AverageSettings, step: number): number {
  return warmup ? Math.min(decay, 1 - step ** (-2 / 3)) : decay
}

import { isBetter } from './monitor.ts'

/** How long training bears no improvement (`train.early_stopping` with its monitor filled in). */
interface Patience {
  readonly monitor: string
  readonly patience: number
  readonly min_delta: number
}

/**
 * Epochs since the last improvement by more than min_delta, from the values of all epochs so far: they are its only state,
 * so a resumed run stops where an uninterrupted one would. As Keras' and Lightning's EarlyStopping, which stop once this
 * reaches `patience`.
 */
function epochsWithoutImprovement(values: readonly (number | null)[], { monitor, min_delta }: Patience): number {
  let [best, waited]: [number | null, number] = [null, 0]
  for (const value of values) {
    const improves = isBetter(monitor, value, best, min_delta)
    if (improves) best = value
    waited = improves ? 0 : waited + 1
  }
  return waited
}

/** Why training ends after these epochs; undefined where it goes on. */
export function earlyStop(values: readonly (number | null)[], settings: Patience): string | undefined {
  const waited = epochsWithoutImprovement(values, settings)
  if (waited < settings.patience) return undefined
  const { monitor, min_delta: least } = settings
  const by = least === 0 ? '' : ` by more than ${least}`
  return `Stopped early: ${monitor} of validation has not improved${by} for ${waited} ${waited === 1 ? 'epoch' : 'epochs'} (train.early_stopping).`
}

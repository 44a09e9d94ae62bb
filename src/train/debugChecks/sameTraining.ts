import type { NamedTensor } from '../../core/safetensors.ts'
import type { Determinism } from '../../engines/engine.ts'
import type { StateDict } from '../../model/stateDict.ts'
import type { StepNumbers } from './trainSteps.ts'

/** What a training computed, and where it ended. */
export interface Trained {
  readonly steps: readonly StepNumbers[]
  readonly weights: StateDict
  /** Optimizer state under `SLOT/KEY`. */
  readonly slots: StateDict
}

/** Relative differences that count as equal: what an engine promises. Rounding grows over a few steps; averages differ more. */
const tolerances: Readonly<Record<Determinism, number>> = { bitwise: 0, numeric: 1e-3, statistical: 0.05 }

/** How two trainings that should be the same compare. */
export type Comparison =
  | { readonly kind: 'same'; readonly equality: string }
  /** Both lost themselves in the same way, which says nothing. */
  | { readonly kind: 'not finite' }
  | {
      readonly kind: 'different'
      /** Place of the first step that differs, from 0; the number of steps where only what they left behind differs. */
      readonly step: number
      /** In words: `loss 0.7 instead of 0.6`. */
      readonly what: string
      /** Unclear where the engine promises no more than averages. */
      readonly verdict: 'fail' | 'unclear'
    }

export function compareTrainings(expected: Trained, actual: Trained, determinism: Determinism): Comparison {
  const tolerance = tolerances[determinism]
  const difference = firstDifference(expected, actual, tolerance)
  if (difference !== undefined)
    return { kind: 'different', ...difference, verdict: determinism === 'statistical' ? 'unclear' : 'fail' }
  if (!expected.steps.every(({ loss }) => Number.isFinite(loss))) return { kind: 'not finite' }
  if (determinism === 'bitwise') return { kind: 'same', equality: 'to the last bit' }
  return { kind: 'same', equality: `within ${tolerance * 100} % (this engine does not promise equal bits)` }
}

/** The reason of a check that found nothing to compare. */
export const notComparable = 'The loss is not finite, so there is nothing to compare: lower the learning rate first.'

function firstDifference(
  expected: Trained,
  actual: Trained,
  tolerance: number,
): { readonly step: number; readonly what: string } | undefined {
  for (const [step, numbers] of expected.steps.entries()) {
    const { loss, gradientNorm } = actual.steps[step]
    if (!isSame(numbers.loss, loss, tolerance)) return { step, what: `loss ${loss} instead of ${numbers.loss}` }
    if (!isSame(numbers.gradientNorm, gradientNorm, tolerance))
      return { step, what: `gradient norm ${gradientNorm} instead of ${numbers.gradientNorm}` }
  }
  const step = expected.steps.length
  const key = firstOther(expected.weights, actual.weights, tolerance)
  if (key !== undefined) return { step, what: `the weights of ${key}` }
  const slot = firstOther(expected.slots, actual.slots, tolerance)
  return slot === undefined ? undefined : { step, what: `the optimizer's ${slot}` }
}

function firstOther(expected: StateDict, actual: StateDict, tolerance: number): string | undefined {
  for (const [key, tensor] of expected) {
    const other = actual.get(key)
    if (other === undefined || !isSameTensor(tensor, other, tolerance)) return key
  }
  return undefined
}

/** NaN is equal to itself here. */
function isSame(expected: number, actual: number, tolerance: number): boolean {
  return Object.is(expected, actual) || Math.abs(expected - actual) <= tolerance * Math.abs(expected)
}

/** Counters must agree; of other tensors the norm of the difference counts against their own. */
function isSameTensor({ data: expected }: NamedTensor, { data: actual }: NamedTensor, tolerance: number): boolean {
  if (expected.length !== actual.length) return false
  let [difference, norm, isEqual] = [0, 0, true]
  for (let index = 0; index < expected.length; index++) {
    isEqual &&= Object.is(expected[index], actual[index])
    difference += (Number(expected[index]) - Number(actual[index])) ** 2
    norm += Number(expected[index]) ** 2
  }
  return isEqual || Math.sqrt(difference) <= tolerance * Math.sqrt(norm)
}

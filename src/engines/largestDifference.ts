import type { Tensors } from './engine.ts'

export interface Gradients {
  readonly loss: number
  readonly gradients: Tensors
}

/** Of the loss and of every tensor, relative to the expected norm; NaN counts as infinite. */
export function largestDifference(expected: Gradients, actual: Gradients): number {
  let worst = Math.abs(actual.loss - expected.loss) / Math.abs(expected.loss)
  for (const [key, { data }] of expected.gradients) {
    const other = actual.gradients.get(key)!.data as Float32Array
    let [difference, norm] = [0, 0]
    ;(data as Float32Array).forEach((value, index) => {
      difference += (value - other[index]) ** 2
      norm += value ** 2
    })
    worst = Math.max(worst, Math.sqrt(difference / Math.max(norm, 1e-12)))
  }
  return Number.isNaN(worst) ? Number.POSITIVE_INFINITY : worst
}

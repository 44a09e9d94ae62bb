/** Where an epoch lies in a schedule that starts again and again. */
interface CyclePlace {
  /** Number of the cycle, from 0. */
  readonly cycle: number
  /** Epochs since its start. */
  readonly epoch: number
  /** Its epochs. */
  readonly length: number
}

/**
 * The cycle that epoch t lies in.
 * @param first epochs of the first cycle, at least 1
 * @param next epochs of the cycle after one of `length` epochs, at least 1
 */
export function cyclePlace(t: number, first: number, next: (length: number) => number): CyclePlace {
  let place = { cycle: 0, epoch: t, length: first }
  while (place.epoch >= place.length) {
    const { cycle, epoch, length } = place
    place = { cycle: cycle + 1, epoch: epoch - length, length: next(length) }
  }
  return place
}

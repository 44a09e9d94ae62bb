import type { RandomStream } from '../random.ts'

/** An image of an epoch. */
export interface Draw {
  readonly index: number
  /** How often it was drawn before in this epoch: keys its random transforms. */
  readonly repeat: number
}

/** Every image once, in random order. */
export function shuffled(images: number, random: RandomStream): readonly Draw[] {
  return random.shuffle(Array.from({ length: images }, (_, index) => ({ index, repeat: 0 })))
}

/**
 * As many draws as there are images, by systematic sampling (Baker 1987, "stochastic universal sampling"): image i comes
 * ⌊n·p(i)⌋ or ⌈n·p(i)⌉ times, n·p(i) times on average, so an epoch is as near to the probabilities as whole numbers can be.
 * @param probabilities sum to 1
 */
export function drawImages(probabilities: readonly number[], random: RandomStream): readonly Draw[] {
  const images = probabilities.length
  // Neighbours in the list share the roundings: a new order each time mixes them.
  const order = random.shuffle(probabilities.map((_, index) => index))
  const offset = random.next()
  const draws: Draw[] = []
  let cumulated = 0
  for (const [position, index] of order.entries()) {
    // The last one takes what rounding has left.
    cumulated = position === images - 1 ? images : cumulated + images * probabilities[index]
    for (let repeat = 0; draws.length + offset < cumulated; repeat++) draws.push({ index, repeat })
  }
  return random.shuffle(draws)
}

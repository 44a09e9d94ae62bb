// NumPy's legacy generator, so that splits have the indices that scikit-learn gives: MT19937 as in Matsumoto & Nishimura 1998.
// Source: numpy 2.4 (random/src/mt19937, _legacy_distributions); definitions of interval, shuffle and choice as there.

const stateWords = 624
const shiftWords = 397

/** `numpy.random.RandomState(seed)`, 0 ≤ seed < 2³². */
export class RandomState {
  readonly #state = new Uint32Array(stateWords)
  #position = stateWords

  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed > 4294967295)
      throw new RangeError(`RandomState(${seed}): seed must be a whole number from 0 to 2³² − 1`)
    this.#state[0] = seed
    for (let i = 1; i < stateWords; i++) {
      const before = this.#state[i - 1]
      this.#state[i] = Math.imul(1812433253, before ^ (before >>> 30)) + i
    }
  }

  #twist(): void {
    const state = this.#state
    for (let i = 0; i < stateWords; i++) {
      const word = (state[i] & 0x80000000) | (state[(i + 1) % stateWords] & 0x7fffffff)
      state[i] = state[(i + shiftWords) % stateWords] ^ (word >>> 1) ^ (word & 1 ? 0x9908b0df : 0)
    }
    this.#position = 0
  }

  /** The next raw 32-bit word. */
  next32(): number {
    if (this.#position === stateWords) this.#twist()
    let word = this.#state[this.#position++]
    word ^= word >>> 11
    word ^= (word << 7) & 0x9d2c5680
    word ^= (word << 15) & 0xefc60000
    return (word ^ (word >>> 18)) >>> 0
  }

  /** Uniform in 0 … max (inclusive, max < 2³²); max 0 draws nothing. */
  interval(max: number): number {
    if (max === 0) return 0
    const mask = 0xffffffff >>> Math.clz32(max)
    let value = (this.next32() & mask) >>> 0
    while (value > max) value = (this.next32() & mask) >>> 0
    return value
  }

  /** Uniform in [0, 1), 53 bits. */
  randomSample(): number {
    return ((this.next32() >>> 5) * 67108864 + (this.next32() >>> 6)) / 9007199254740992
  }

  /** `randint(0, end)`, one number. */
  randint(end: number): number {
    return this.interval(end - 1)
  }

  /** Shuffles in place and returns the same array. */
  shuffle<T>(array: T[]): T[] {
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.interval(i)
      const moved = array[i]
      array[i] = array[j]!
      array[j] = moved
    }
    return array
  }

  /** A shuffled copy; `permutation([0, 1, …, n − 1])` is NumPy's `permutation(n)`. */
  permutation<T>(array: readonly T[]): T[] {
    return this.shuffle([...array])
  }

  /** `choice(array, size, replace=False)`: permutes everything, even for size 1. */
  choice<T>(array: readonly T[], size: number): T[] {
    return this.permutation(array).slice(0, size)
  }
}

import { encodeUtf8 } from './utf8.ts'

/** A finalizer of good avalanche (murmur3). */
function mix(word: number): number {
  let h = word ^ (word >>> 16)
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** One key as bytes; a tag and the length keep `('a', 'b')` apart from `('ab')`, and `1` from `'1'`. */
function keyBytes(key: number | string): Uint8Array {
  const isText = typeof key === 'string'
  const content = isText ? encodeUtf8(key) : new Uint8Array(8)
  const bytes = new Uint8Array(5 + content.length)
  const view = new DataView(bytes.buffer)
  view.setUint8(0, isText ? 1 : 2)
  view.setUint32(1, content.length)
  bytes.set(content, 5)
  if (!isText) view.setFloat64(5, key)
  return bytes
}

/** 128-bit hash of the keys: four murmur3 lanes with different starts. */
function hashKeys(keys: readonly (number | string)[]): [number, number, number, number] {
  const hash: [number, number, number, number] = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344]
  let length = 0
  for (const key of keys) {
    for (const byte of keyBytes(key)) {
      length++
      for (let lane = 0; lane < 4; lane++) {
        const mixed = Math.imul(hash[lane] ^ byte, 0x9e3779b1)
        hash[lane] = mix(mixed + Math.imul(length, 0x85ebca6b + 2 * lane))
      }
    }
  }
  return hash
}

/**
 * Pseudo-random numbers (sfc32, Chris Doty-Humphrey's PractRand) that depend on nothing but the keys given to `stream`.
 * Not for secrets.
 */
export class RandomStream {
  #a: number
  #b: number
  #c: number
  #counter: number
  #spareNormal: number | undefined

  constructor(state: readonly [number, number, number, number]) {
    ;[this.#a, this.#b, this.#c, this.#counter] = state
    // The first outputs still show the state; the generator's author discards them too.
    for (let i = 0; i < 12; i++) this.#next32()
  }

  #next32(): number {
    const result = (this.#a + this.#b + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0
    return result >>> 0
  }

  /** Uniform in [0, 1), 53 bits. */
  next(): number {
    return ((this.#next32() >>> 5) * 67108864 + (this.#next32() >>> 6)) / 9007199254740992
  }

  /** Uniform whole number in 0 … n − 1, without bias; 1 ≤ n ≤ 2³². */
  integer(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 4294967296)
      throw new RangeError(`integer(${n}): n must be a whole number from 1 to 2³²`)
    const limit = 4294967296 - (4294967296 % n)
    let word = this.#next32()
    while (word >= limit) word = this.#next32()
    return word % n
  }

  /** Shuffles in place (Fisher–Yates) and returns the same array. */
  shuffle<T>(array: T[]): T[] {
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.integer(i + 1)
      const moved = array[i]
      array[i] = array[j]!
      array[j] = moved
    }
    return array
  }

  /** Standard normal (mean 0, deviation 1) by the polar method of Marsaglia. */
  normal(): number {
    if (this.#spareNormal !== undefined) {
      const spare = this.#spareNormal
      this.#spareNormal = undefined
      return spare
    }
    for (;;) {
      const x = 2 * this.next() - 1
      const y = 2 * this.next() - 1
      const square = x * x + y * y
      if (square >= 1 || square === 0) continue
      const factor = Math.sqrt((-2 * Math.log(square)) / square)
      this.#spareNormal = y * factor
      return x * factor
    }
  }
}

/**
 * The stream of one purpose, e.g. `stream(seed, 'augment', epoch, imageIndex)`: the same keys always give the same numbers,
 * other keys independent ones, so neither the number of workers nor a resume changes what is drawn.
 */
export function stream(seed: number, ...keys: readonly (number | string)[]): RandomStream {
  return new RandomStream(hashKeys([seed, ...keys]))
}

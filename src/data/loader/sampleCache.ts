import type { Sample } from '../../augment/sample.ts'

/** Decoded samples of a small data set, up to a number of bytes; what does not fit any more is decoded again each epoch. */
export class SampleCache {
  readonly #samples = new Map<number, Sample>()
  readonly #limitBytes: number
  #bytes = 0
  #isFull = false

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
    this.#isFull = limitBytes <= 0
  }

  /** Whether another sample is likely to fit. */
  get hasRoom(): boolean {
    return !this.#isFull
  }

  get(index: number): Sample | undefined {
    return this.#samples.get(index)
  }

  /** Nothing is ever pushed out: with every sample used once per epoch, the oldest would always be the next one needed. */
  add(index: number, sample: Sample): void {
    const bytes = sample.image.length + sample.mask.length
    this.#isFull ||= this.#bytes + bytes > this.#limitBytes
    if (this.#isFull || this.#samples.has(index)) return
    this.#samples.set(index, sample)
    this.#bytes += bytes
  }

  clear(): void {
    this.#samples.clear()
    this.#isFull = true
  }
}

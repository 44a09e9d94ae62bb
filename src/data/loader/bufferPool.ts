import type { Size } from '../../augment/sample.ts'
import type { BatchBuffers } from './messages.ts'

/** Buffers of batches that were given back, by size: a new array of megabytes per step would keep the collector busy. */
export class BufferPool {
  readonly #free = new Map<number, BatchBuffers[]>()

  take(count: number, { height, width }: Size): BatchBuffers {
    const pixels = count * height * width
    const free = this.#free.get(pixels)?.pop()
    return free ?? { image: new Float32Array(3 * pixels), target: new Int32Array(pixels) }
  }

  giveBack(buffers: BatchBuffers): void {
    const pixels = buffers.target.length
    const free = this.#free.get(pixels)
    if (free === undefined) this.#free.set(pixels, [buffers])
    else free.push(buffers)
  }

  clear(): void {
    this.#free.clear()
  }
}

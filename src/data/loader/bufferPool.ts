import type { Size } from '../../augment/sample.ts'
import type { PixelInputName } from '../../core/pixelInputs.ts'
import type { BatchBuffers } from './messages.ts'

/** Buffers of batches that were given back, by size: a new array of megabytes per step would keep the collector busy. */
export class BufferPool {
  readonly #free = new Map<number, BatchBuffers[]>()
  readonly #inputs: readonly PixelInputName[]
  readonly #classes: number

  /** @param inputs that every batch has room for, with a value per pixel and class */
  constructor(inputs: readonly PixelInputName[], classes: number) {
    this.#inputs = inputs
    this.#classes = classes
  }

  take(count: number, { height, width }: Size): BatchBuffers {
    const pixels = count * height * width
    const free = this.#free.get(pixels)?.pop()
    if (free !== undefined) return free
    const inputs = this.#inputs.map((name) => [name, new Float32Array(pixels * this.#classes)] as const)
    return { image: new Float32Array(3 * pixels), target: new Int32Array(pixels), inputs: Object.fromEntries(inputs) }
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

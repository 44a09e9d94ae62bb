/** What a blend is of. */
export interface BlendedImage {
  readonly height: number
  readonly width: number
  /** Values per pixel. */
  readonly channels: number
}

/**
 * The weighted mean of overlapping windows, made from top to bottom: it holds as many rows as a window has and gives each
 * one away as soon as no further window can reach it.
 */
export class WindowBlend {
  private readonly image: BlendedImage
  private readonly window: { readonly height: number; readonly width: number }
  private readonly importance: Float32Array
  /** Image row y lies at y mod the window's height: [window height, image width, channels]. */
  private readonly sums: Float32Array
  private readonly weights: Float32Array
  private done = 0

  /** @param importance weight of each pixel of a window, [height, width] (see windowWeights) */
  constructor(
    image: BlendedImage,
    window: { readonly height: number; readonly width: number },
    importance: Float32Array,
  ) {
    this.image = image
    this.window = window
    this.importance = importance
    const cells = Math.min(window.height, image.height) * image.width
    this.sums = new Float32Array(cells * image.channels)
    this.weights = new Float32Array(cells)
  }

  /** Rows in memory at a time. */
  get heldRows(): number {
    return this.weights.length / this.image.width
  }

  /**
   * Adds a window whose upper left pixel lies at (top, left) of the image; what lies outside the image is left out.
   * @param values [window height, window width, channels]
   * @throws Error where the window reaches rows that were finished
   */
  add(top: number, left: number, values: Float32Array): void {
    const { height, width, channels } = this.image
    const [firstRow, endRow] = [Math.max(0, top), Math.min(height, top + this.window.height)]
    const [firstColumn, endColumn] = [Math.max(0, left), Math.min(width, left + this.window.width)]
    if (firstRow < this.done || endRow > this.done + this.heldRows)
      throw new Error(`rows ${firstRow} … ${endRow - 1} are not held: windows go from top to bottom`)
    for (let y = firstRow; y < endRow; y++) {
      const row = (y % this.heldRows) * width
      const from = (y - top) * this.window.width - left
      for (let x = firstColumn; x < endColumn; x++) {
        const weight = this.importance[from + x]
        const [target, source] = [(row + x) * channels, (from + x) * channels]
        this.weights[row + x] += weight
        for (let c = 0; c < channels; c++) this.sums[target + c] += weight * values[source + c]
      }
    }
  }

  /** The rows before `end` that were not given yet, one by one: [width, channels], each valid until the next is asked for. */
  *finish(end: number): Generator<Float32Array, void, undefined> {
    const { width, channels } = this.image
    for (; this.done < end; this.done++) {
      const start = (this.done % this.heldRows) * width
      const row = this.sums.subarray(start * channels, (start + width) * channels)
      for (let x = 0, index = 0; x < width; x++) {
        const scale = 1 / this.weights[start + x]
        for (let c = 0; c < channels; c++) row[index++] *= scale
      }
      yield row
      row.fill(0)
      this.weights.fill(0, start, start + width)
    }
  }
}

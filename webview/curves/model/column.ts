const firstCapacity = 256

/** A column of numbers that grows at its end: in doubled steps, so that appending stays cheap however long a run trains. */
export class Column {
  private memory = new Float64Array(firstCapacity)
  private count = 0
  private view: Float64Array = this.memory.subarray(0, 0)

  get length(): number {
    return this.count
  }

  /** All values, without a copy. A view that was taken before shows the values of then. */
  get values(): Float64Array {
    if (this.view.length !== this.count) this.view = this.memory.subarray(0, this.count)
    return this.view
  }

  push(value: number): void {
    this.reserve(this.count + 1)
    this.memory[this.count++] = value
  }

  append(values: ArrayLike<number>): void {
    this.reserve(this.count + values.length)
    this.memory.set(values, this.count)
    this.count += values.length
  }

  /** Keeps so many values from the beginning. */
  truncate(count: number): void {
    this.count = Math.min(this.count, count)
  }

  private reserve(count: number): void {
    if (count <= this.memory.length) return
    let capacity = this.memory.length
    while (capacity < count) capacity *= 2
    const memory = new Float64Array(capacity)
    memory.set(this.values)
    this.memory = memory
    this.view = memory.subarray(0, this.count)
  }
}

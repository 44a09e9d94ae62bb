import { Column } from './column.ts'

/**
 * Exponential moving average without the pull of its start towards zero, as TensorBoard 2 draws it (`resmoothDataset` of its
 * line chart): `m ← w·m + (1 − w)·y`, shown as `m / (1 − wⁿ)`. Values that were not measured stay gaps and count nowhere.
 */
export class Smoothed {
  private readonly out = new Column()
  private weight = NaN
  private mean = 0
  /** wⁿ */
  private bias = 1

  /**
   * The average of all values; only what is new since the last call is computed.
   * @param weight of what came before, 0 ≤ weight < 1; 0 gives the values themselves
   */
  of(values: Float64Array, weight: number): Float64Array {
    if (weight !== this.weight) {
      this.forget()
      this.weight = weight
    }
    for (let index = this.out.length; index < values.length; index++) this.out.push(this.next(values[index]))
    return this.out.values
  }

  /** Values before the end changed. */
  forget(): void {
    this.out.truncate(0)
    this.mean = 0
    this.bias = 1
  }

  private next(value: number): number {
    if (!Number.isFinite(value)) return NaN
    this.mean = this.weight * this.mean + (1 - this.weight) * value
    this.bias *= this.weight
    return this.mean / (1 - this.bias)
  }
}

/** Index of the first value that is at least `limit`; the length where there is none. @param values growing */
export function firstAtLeast(values: Float64Array, limit: number): number {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (values[middle] < limit) low = middle + 1
    else high = middle
  }
  return low
}

/** Index of the value nearest to `wanted`, the earlier of two; −1 where there is none. @param values growing */
export function nearest(values: Float64Array, wanted: number): number {
  const after = firstAtLeast(values, wanted)
  if (after === 0 || after === values.length) return Math.min(after, values.length - 1)
  return wanted - values[after - 1] <= values[after] - wanted ? after - 1 : after
}

/** …2 1 | 0 1 2 … n−1 | n−2…, repeated as often as the border needs (OpenCV BORDER_REFLECT_101). */
export function reflect101(index: number, length: number): number {
  if (length === 1) return 0
  const period = 2 * (length - 1)
  const inPeriod = ((index % period) + period) % period
  return inPeriod < length ? inPeriod : period - inPeriod
}

/** 0 0 | 0 1 … n−1 | n−1 n−1 (OpenCV BORDER_REPLICATE). */
export function replicate(index: number, length: number): number {
  return Math.min(Math.max(index, 0), length - 1)
}

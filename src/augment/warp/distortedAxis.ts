/**
 * Steps that together span the axis: those of a grid that is not distorted add up to as much (Albumentations 1.4,
 * normalize_grid_distortion_steps).
 * @param count cells; the last of the `count` + 1 steps is for what whole cells leave of the axis
 */
export function normalizedSteps(length: number, count: number, steps: readonly number[]): readonly number[] {
  const cell = Math.floor(length / count)
  const rest = Math.min(length, (count + 1) * cell) - count * cell
  const weighted = steps.map((step, i) => (i === count ? (step * rest) / cell : step))
  const sum = weighted.reduce((total, step) => total + step, 0)
  return weighted.map((step) => (step * (length / cell)) / sum)
}

/** Where each pixel of an axis is read: along each cell evenly from where the last one ended (generate_grid). */
export function distortedAxis(length: number, count: number, steps: readonly number[]): Float32Array {
  const cell = Math.floor(length / count)
  const places = new Float32Array(length)
  let before = 0
  steps.forEach((step, index) => {
    const start = index * cell
    const end = Math.min(start + cell, length)
    const after = before + cell * step
    for (let i = start; i < end; i++)
      places[i] = end - start === 1 ? before : before + ((after - before) * (i - start)) / (end - start - 1)
    before = after
  })
  return places
}

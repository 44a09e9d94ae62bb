import type { Size } from '../sample.ts'

/**
 * Numbers the connected parts of one label each (four neighbours), in the order in which rows meet them.
 * @param labels [height, width]
 * @returns for every pixel the number of its part, −1 where the label is not wanted
 */
export function connectedParts(
  labels: Int32Array,
  { height, width }: Size,
  isWanted: (label: number) => boolean,
): { readonly parts: Int32Array; readonly count: number } {
  const parts = new Int32Array(labels.length).fill(-1)
  const waiting: number[] = []
  let count = 0
  for (let start = 0; start < labels.length; start++) {
    if (parts[start] >= 0 || !isWanted(labels[start])) continue
    const label = labels[start]
    const visit = (pixel: number): void => {
      if (parts[pixel] >= 0 || labels[pixel] !== label) return
      parts[pixel] = count
      waiting.push(pixel)
    }
    visit(start)
    for (let pixel = waiting.pop(); pixel !== undefined; pixel = waiting.pop()) {
      const x = pixel % width
      if (x > 0) visit(pixel - 1)
      if (x < width - 1) visit(pixel + 1)
      if (pixel >= width) visit(pixel - width)
      if (pixel < (height - 1) * width) visit(pixel + width)
    }
    count++
  }
  return { parts, count }
}

import type { Sample } from '../sample.ts'

/**
 * Regions of pixels of one label that touch by a side or a corner.
 * @param without labels that belong to no region
 * @returns the region of each pixel, from 1 on in reading order, 0 for none; and how many there are
 */
export function connectedRegions(
  { mask, height, width }: Pick<Sample, 'mask' | 'height' | 'width'>,
  without: readonly number[],
): { readonly regions: Int32Array; readonly count: number } {
  const regions = new Int32Array(mask.length)
  const isOutside = new Uint8Array(256)
  for (const label of without) isOutside[label] = 1
  // Every pixel enters the stack once: it gets its region on the way in.
  const stack = new Int32Array(mask.length)
  let count = 0
  for (let start = 0; start < mask.length; start++) {
    const label = mask[start]
    if (regions[start] !== 0 || isOutside[label] === 1) continue
    regions[start] = ++count
    stack[0] = start
    for (let waiting = 1; waiting > 0;) {
      const pixel = stack[--waiting]
      const x = pixel % width
      const y = (pixel - x) / width
      const left = Math.max(0, x - 1)
      const right = Math.min(width - 1, x + 1)
      const bottom = Math.min(height - 1, y + 1)
      for (let row = Math.max(0, y - 1); row <= bottom; row++)
        for (let next = row * width + left; next <= row * width + right; next++) {
          if (mask[next] !== label || regions[next] !== 0) continue
          regions[next] = count
          stack[waiting++] = next
        }
    }
  }
  return { regions, count }
}

import type { Size } from '../augment/sample.ts'
import { resizeTaps } from '../augment/taps.ts'

/**
 * Labels at another size: each the nearest pixel's, src = ⌊dst · in / out⌋, as training resizes masks.
 * @param labels [from.height, from.width]
 * @returns [to.height, to.width]; `labels` itself where the sizes agree
 */
export function resizeLabels(labels: Uint8Array, from: Size, to: Size): Uint8Array {
  if (from.height === to.height && from.width === to.width) return labels
  const columns = resizeTaps(from.width, to.width, 'nearest').indices
  const rows = resizeTaps(from.height, to.height, 'nearest').indices
  const resized = new Uint8Array(to.height * to.width)
  for (let y = 0, i = 0; y < to.height; y++) {
    const start = rows[y] * from.width
    for (let x = 0; x < to.width; x++, i++) resized[i] = labels[start + columns[x]]
  }
  return resized
}

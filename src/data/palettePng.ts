import { encode } from 'fast-png'
import type { Rgb } from '../augment/normalize.ts'
import { ignoredLabel, type Size } from '../augment/sample.ts'
import { ignoredColor } from './classColors.ts'

/**
 * PNG of a label map whose pixels keep their numbers and show as colours: what annotation tools and VOC use.
 * @param labels [height, width], class index or 255 = ignored
 * @param colors of class 0, 1, …
 */
export function palettePng(labels: Uint8Array, { height, width }: Size, colors: readonly Rgb[]): Uint8Array {
  const hasIgnored = labels.includes(ignoredLabel)
  const length = hasIgnored ? ignoredLabel + 1 : colors.length
  const palette = Array.from({ length }, (_, label) => [...(label < colors.length ? colors[label] : ignoredColor)])
  return encode({ width, height, data: labels, depth: 8, channels: 1, palette })
}

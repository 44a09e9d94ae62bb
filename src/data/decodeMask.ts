import { ignoredLabel } from '../augment/sample.ts'
import { labelsOf } from './maskLabels.ts'
import type { MaskRules } from './maskRules.ts'
import { maskName, type MaskSource } from './masks/maskSource.ts'
import { readMask } from './masks/readMask.ts'
import { defaultPixelLimit } from './readSize.ts'

export interface DecodedMask {
  /** [height, width], class index 0 … C − 1, or 255 for ignored pixels */
  readonly mask: Uint8Array
  readonly height: number
  readonly width: number
  /** Choices that were made in reading it, as sentences. */
  readonly warnings: readonly string[]
}

/**
 * Decodes a PNG mask (grey ids of 1 to 16 bits, palette, or class colours), or draws one from annotations, to class indices.
 * @throws UserError for files that are damaged or unsupported, and for values that are no class
 */
export async function decodeMask(
  source: MaskSource,
  rules: MaskRules,
  pixelLimit = defaultPixelLimit,
): Promise<DecodedMask> {
  const pixels = await readMask(source, pixelLimit)
  const counts = countValues(pixels.values)
  // What is drawn has ids, however the project's other masks hold classes.
  const meant: MaskRules = typeof source === 'string' ? rules : { ...rules, encoding: 'index' }
  const labels = labelsOf(pixels, counts, meant, maskName(source))
  const mask = translate(pixels.values, labels.of)
  const warnings = [...pixels.warnings, ...labels.warnings]
  const isAllIgnored = [...counts.keys()].every((value) => labels.of.get(value) === ignoredLabel)
  if (isAllIgnored) warnings.push('every pixel is ignored; this image teaches nothing and has no score.')
  return { mask, height: pixels.height, width: pixels.width, warnings }
}

/** Counts runs of equal values: masks are mostly runs, and a map is asked once per run. */
export function countValues(values: ArrayLike<number>): Map<number, number> {
  const counts = new Map<number, number>()
  for (let start = 0, end = 0; start < values.length; start = end) {
    const value = values[start]
    while (end < values.length && values[end] === value) end++
    counts.set(value, (counts.get(value) ?? 0) + end - start)
  }
  return counts
}

function translate(values: ArrayLike<number>, labels: ReadonlyMap<number, number>): Uint8Array {
  const mask = new Uint8Array(values.length)
  for (let start = 0, end = 0; start < values.length; start = end) {
    const value = values[start]
    while (end < values.length && values[end] === value) end++
    mask.fill(labels.get(value) ?? ignoredLabel, start, end)
  }
  return mask
}

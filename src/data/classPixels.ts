import { ignoredLabel } from '../augment/sample.ts'
import { collectFaults } from './allFaults.ts'
import { countValues, decodeMask } from './decodeMask.ts'
import { summarizeWarnings } from './fileWarnings.ts'
import type { MaskRules } from './maskRules.ts'
import { maskName, type MaskSource } from './masks/maskSource.ts'

/** Pixels per class of one mask or many. */
interface ClassPixels {
  /** Entry c belongs to class index c. */
  readonly pixels: readonly number[]
  readonly ignored: number
}

export interface ClassPixelsOfMasks extends ClassPixels {
  readonly perMask: readonly ClassPixels[]
  /** In how many masks each class has a pixel. */
  readonly masks: readonly number[]
  /** Choices that were made in reading the masks, one line each with the first file it concerns. */
  readonly warnings: readonly string[]
}

/**
 * Decodes all masks and counts their pixels: for `"balanced"` class weights, stratified splits and tables.
 * @throws UserError that lists every mask that cannot be used
 */
export async function countClassPixels(masks: readonly MaskSource[], rules: MaskRules): Promise<ClassPixelsOfMasks> {
  const decoded = await collectFaults(masks, 4, async (source) => {
    const { mask, warnings } = await decodeMask(source, rules)
    const counts = countValues(mask)
    const pixels = Array.from({ length: rules.classes.count }, (_, label) => counts.get(label) ?? 0)
    return { pixels, ignored: counts.get(ignoredLabel) ?? 0, file: maskName(source), warnings }
  })
  const sumOver = (value: (one: ClassPixels) => number): number => decoded.reduce((sum, one) => sum + value(one), 0)
  const perClass = (value: (pixels: number) => number): number[] =>
    rules.classes.ids.map((_, c) => sumOver(({ pixels }) => value(pixels[c])))
  return {
    pixels: perClass((count) => count),
    ignored: sumOver(({ ignored }) => ignored),
    masks: perClass((count) => (count > 0 ? 1 : 0)),
    perMask: decoded.map(({ pixels, ignored }) => ({ pixels, ignored })),
    warnings: summarizeWarnings(decoded),
  }
}

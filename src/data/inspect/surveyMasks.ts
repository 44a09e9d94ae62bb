import { collectFaults } from '../allFaults.ts'
import { countValues } from '../decodeMask.ts'
import type { MaskPixels } from '../maskPixels.ts'
import type { MaskSource } from '../masks/maskSource.ts'
import { readMask } from '../masks/readMask.ts'
import { defaultPixelLimit } from '../readSize.ts'

const sampleSize = 50

/** What a sample of masks holds, before anything is known about classes. */
export interface MaskSurvey {
  readonly masks: number
  /** How the masks store their values; `mixed` where they differ. */
  readonly kind: MaskPixels['kind'] | 'mixed'
  /** Pixels of each value over all masks, by ascending value. */
  readonly pixels: ReadonlyMap<number, number>
  readonly totalPixels: number
  /** Colour 0xRRGGBB of palette indices, from the first mask. */
  readonly palette: readonly number[]
}

/**
 * Reads up to 50 masks, spread evenly over the list.
 * @throws UserError that lists the masks that cannot be read
 */
export async function surveyMasks(masks: readonly MaskSource[]): Promise<MaskSurvey> {
  const count = Math.min(sampleSize, masks.length)
  const chosen = Array.from({ length: count }, (_, i) => masks[Math.floor((i * masks.length) / count)])
  const found = await collectFaults(chosen, 4, async (mask) => {
    const { kind, values, palette } = await readMask(mask, defaultPixelLimit)
    const counts = countValues(values)
    const isGray = kind === 'color' && [...counts.keys()].every((color) => color === (color & 255) * 0x010101)
    // Ids that were saved with three equal channels are read as ids.
    return isGray
      ? { kind: 'gray' as const, counts: new Map(Array.from(counts, ([color, n]) => [color & 255, n])), palette }
      : { kind, counts, palette }
  })
  const pixels = new Map<number, number>()
  for (const { counts } of found) for (const [value, n] of counts) pixels.set(value, (pixels.get(value) ?? 0) + n)
  const kinds = new Set(found.map(({ kind }) => kind))
  return {
    masks: count,
    kind: kinds.size === 1 ? found[0].kind : 'mixed',
    pixels: new Map([...pixels].sort(([a], [b]) => a - b)),
    totalPixels: [...pixels.values()].reduce((sum, n) => sum + n, 0),
    palette: found[0].palette,
  }
}

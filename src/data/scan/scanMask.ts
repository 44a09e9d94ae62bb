import { createHash } from 'node:crypto'
import * as z from 'zod'
import { ignoredLabel } from '../../augment/sample.ts'
import { countValues, decodeMask, type DecodedMask } from '../decodeMask.ts'
import type { MaskRules } from '../maskRules.ts'
import type { MaskSource } from '../masks/maskSource.ts'
import { cellBounds } from './grayGrid.ts'
import { noObjects, objectsOf, objectsSchema } from './objects.ts'

/** Cells along each side of the map of where a class lies. */
export const placeCells = 8

const classSchema = z.object({
  pixels: z.int(),
  objects: objectsSchema,
  /** [8, 8] share of each cell that the class covers, in 255ths, base64; empty without pixels. */
  places: z.string(),
})

export const scannedMaskSchema = z.object({
  height: z.int(),
  width: z.int(),
  /** SHA-256 of the size and the class indices. */
  labelHash: z.string(),
  /** In the order of the class indices. */
  classes: z.array(classSchema),
  ignored: z.int(),
  warnings: z.array(z.string()),
})

/** What there is to know of a mask without looking at others. */
export type ScannedMask = Readonly<z.infer<typeof scannedMaskSchema>>

/** @throws UserError as decodeMask */
export async function scanMask(source: MaskSource, rules: MaskRules): Promise<ScannedMask> {
  const decoded = await decodeMask(source, rules)
  const { mask, height, width, warnings } = decoded
  const counts = countValues(mask)
  const objects = objectsOf(decoded)
  return {
    height,
    width,
    labelHash: createHash('sha256').update(`${height}x${width} `).update(mask).digest('hex'),
    classes: rules.classes.ids.map((_, label) => ({
      pixels: counts.get(label) ?? 0,
      objects: objects.get(label) ?? noObjects,
      places: counts.has(label) ? placesOf(decoded, label) : '',
    })),
    ignored: counts.get(ignoredLabel) ?? 0,
    warnings: [...warnings],
  }
}

function placesOf({ mask, height, width }: DecodedMask, label: number): string {
  const tops = cellBounds(height, placeCells)
  const lefts = cellBounds(width, placeCells)
  const shares = tops.flatMap(([top, bottom]) =>
    lefts.map(([left, right]) => {
      let pixels = 0
      for (let y = top; y < bottom; y++)
        for (let i = y * width + left; i < y * width + right; i++) pixels += Number(mask[i] === label)
      return pixels / ((bottom - top) * (right - left))
    }),
  )
  return Buffer.from(shares.map((share) => Math.round(255 * share))).toString('base64')
}

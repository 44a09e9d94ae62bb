import * as z from 'zod'
import { drawFrom, pair } from '../ranges.ts'
import { copyOf, pasteBox } from './box.ts'
import { batchProbability, defineMix, drawPartners } from './mix.ts'

/** Bochkovskiy et al., YOLOv4, 2020, without resizing: each part is a random window of its image. */
export const mosaic = defineMix({
  name: 'Mosaic',
  summary: 'Puts random windows of four images of the batch, with their labels, around a random centre.',
  arguments: z.object({
    center_range: pair([0.3, 0.7], 0, 1).describe(
      'Where the four meet, as a share of height and width, is drawn from this range (default [0.3, 0.7]).',
    ),
    p: batchProbability,
  }),
  labels: 'one',
  apply(batch, { center_range }, random) {
    const { height, width, count } = batch
    const source = copyOf(batch)
    const partners = [0, 1, 2, 3].map(() => drawPartners(count, random))
    for (let to = 0; to < count; to++) {
      const centreX = Math.round(width * drawFrom(center_range, random))
      const centreY = Math.round(height * drawFrom(center_range, random))
      partners.forEach((others, quarter) => {
        const [left, right] = quarter % 2 === 0 ? [0, centreX] : [centreX, width]
        const [top, bottom] = quarter < 2 ? [0, centreY] : [centreY, height]
        const [fromX, fromY] = [random.integer(width - (right - left) + 1), random.integer(height - (bottom - top) + 1)]
        const window = { left: fromX, top: fromY, right: fromX + right - left, bottom: fromY + bottom - top }
        pasteBox(batch, source, [to, others[to]], window, { left, top })
      })
    }
    return undefined
  },
})

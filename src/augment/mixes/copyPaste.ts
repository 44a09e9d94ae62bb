import * as z from 'zod'
import { connectedRegions } from '../dropout/connectedRegions.ts'
import { ignoredLabel } from '../sample.ts'
import { copyOf, pastePixels } from './box.ts'
import { batchProbability, defineMix, drawPartners } from './mix.ts'

/** Ghiasi et al., CVPR 2021; a semantic mask knows no objects, so connected pixels of one class stand for one. */
export const copyPaste = defineMix({
  name: 'CopyPaste',
  summary: 'Pastes a random part of the objects of another image, connected pixels of one class, into every image.',
  arguments: z.object({
    classes: z
      .array(z.number().int().min(0).max(254))
      .min(1)
      .nullable()
      .default(null)
      .describe(
        'Indices of the classes that are pasted; null pastes all but the first, the background (default null).',
      ),
    object_p: z.number().min(0).max(1).default(0.5).describe('Probability that an object is pasted (default 0.5).'),
    p: batchProbability,
  }),
  labels: 'one',
  apply(batch, { classes, object_p: probability }, random) {
    const area = batch.height * batch.width
    const source = copyOf(batch)
    const isPasted = (label: number): boolean =>
      label !== ignoredLabel && (classes === null ? label !== 0 : classes.includes(label))
    const others = Array.from({ length: 256 }, (_, label) => label).filter((label) => !isPasted(label))
    drawPartners(batch.count, random).forEach((from, to) => {
      const mask = Uint8Array.from(source.target.subarray(from * area, (from + 1) * area))
      const { regions, count } = connectedRegions({ ...batch, mask }, others)
      const isChosen = Array.from({ length: count + 1 }, (_, region) => region > 0 && random.next() < probability)
      pastePixels(batch, source, [to, from], (pixel) => isChosen[regions[pixel]])
    })
    return undefined
  },
})

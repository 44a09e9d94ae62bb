import * as z from 'zod'
import { ignoredLabel } from '../sample.ts'
import { copyOf, pastePixels } from './box.ts'
import { batchProbability, defineMix, drawPartners } from './mix.ts'

/** Olsson et al., WACV 2021, with true labels in place of predicted ones. */
export const classMix = defineMix({
  name: 'ClassMix',
  summary: 'Pastes all pixels of half the classes of another image, chosen at random, into every image.',
  arguments: z.object({ p: batchProbability }),
  labels: 'one',
  apply(batch, _args, random) {
    const area = batch.height * batch.width
    const source = copyOf(batch)
    drawPartners(batch.count, random).forEach((from, to) => {
      const labels = source.target.subarray(from * area, (from + 1) * area)
      const present = [...new Set(labels)].filter((label) => label !== ignoredLabel).sort((a, b) => a - b)
      const chosen = new Set(random.shuffle(present).slice(0, Math.ceil(present.length / 2)))
      pastePixels(batch, source, [to, from], (pixel) => chosen.has(labels[pixel]))
    })
    return undefined
  },
})

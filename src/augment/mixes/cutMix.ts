import * as z from 'zod'
import { drawBeta } from './beta.ts'
import { copyOf, drawBox, pasteBox } from './box.ts'
import { batchProbability, betaParameter, defineMix, drawPartners } from './mix.ts'

/** Yun et al., ICCV 2019; dense labels are cut with the image, so the ordinary loss holds. */
export const cutMix = defineMix({
  name: 'CutMix',
  summary: 'Replaces a random box of every image, with its labels, by that of another image.',
  arguments: z.object({ alpha: betaParameter(1), p: batchProbability }),
  labels: 'one',
  apply(batch, { alpha }, random) {
    const box = drawBox(drawBeta(alpha, random), batch, random)
    const source = copyOf(batch)
    drawPartners(batch.count, random).forEach((from, to) => {
      pasteBox(batch, source, [to, from], box)
    })
    return undefined
  },
})

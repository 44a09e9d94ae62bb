import * as z from 'zod'
import { drawBeta } from './beta.ts'
import { batchProbability, betaParameter, defineMix, drawPartners, type MixedBatch, type SecondLabels } from './mix.ts'

/** Zhang et al., ICLR 2018. */
export const mixup = defineMix({
  name: 'Mixup',
  summary: 'Adds a share of another image to every image; the loss counts the labels of both by their shares.',
  arguments: z.object({ alpha: betaParameter(0.4), p: batchProbability }),
  labels: 'two',
  apply(batch, { alpha }, random) {
    const labels = { share: drawBeta(alpha, random), partners: drawPartners(batch.count, random) }
    blend(batch, labels)
    return labels
  },
})

/** λ · x + (1 − λ) · x[partner], in place. */
export function blend({ image, count }: MixedBatch, { share, partners }: SecondLabels): void {
  const length = image.length / count
  const source = image.slice()
  for (let index = 0; index < count; index++) {
    const other = partners[index] * length
    for (let i = 0, to = index * length; i < length; i++, to++)
      image[to] = share * source[to] + (1 - share) * source[other + i]
  }
}

import * as z from 'zod'
import type { Random } from '../transform.ts'
import { drawBeta } from './beta.ts'
import { drawBox, type Box } from './box.ts'
import { batchProbability, betaParameter, defineMix, drawPartners } from './mix.ts'

/** Huang et al., AAAI 2021, for dense labels: see `snapMixed`. */
export const snapMix = defineMix({
  name: 'SnapMix',
  summary:
    'Pastes a box of another image, resized, into a box of every image; the loss of both parts counts by how much of what the network looks at lies in them.',
  arguments: z.object({ alpha: betaParameter(5), p: batchProbability }),
  labels: 'weighted',
  apply: () => undefined,
})

/** What is left to chance in one batch. */
export interface SnapMixDraw {
  readonly partners: readonly number[]
  /** Box of the image that is replaced. */
  readonly target: Box
  /** Box of the partner that replaces it. */
  readonly source: Box
}

/** @returns undefined where the batch stays as it is */
export function drawSnapMix(
  { alpha, p }: z.output<typeof snapMix.arguments>,
  batch: { readonly count: number; readonly height: number; readonly width: number },
  random: Random,
): SnapMixDraw | undefined {
  if (random.next() >= p) return undefined
  const partners = drawPartners(batch.count, random)
  const [target, source] = [0, 1].map(() => drawBox(drawBeta(alpha, random), batch, random))
  return { partners, target, source }
}

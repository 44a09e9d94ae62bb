import { scoresOf } from '../../core/metrics.ts'
import type { ImageScores } from '../../protocol/runFolder.ts'

/** The validation image that a run predicts worst: the lowest mean IoU over the classes in it or predicted. */
export function worstImage(
  images: readonly ImageScores[],
): { readonly image: string; readonly mIoU: number } | undefined {
  let worst: { readonly image: string; readonly mIoU: number } | undefined
  for (const counts of images) {
    const { mIoU } = scoresOf(counts)
    if (mIoU !== null && (worst === undefined || mIoU < worst.mIoU)) worst = { image: counts.image, mIoU }
  }
  return worst
}

import { UserError } from '../../core/errors.ts'
import { mergeCounts, scoresOf } from '../../core/metrics.ts'
import type { OverlayRun } from '../../protocol/overlayMessages.ts'
import type { ImageScores, RunRecord } from '../../protocol/runFolder.ts'

/** What a run's files say of it. */
interface ReadRun {
  readonly classes: RunRecord['classes']
  readonly scores: readonly ImageScores[]
  readonly epoch: number | undefined
  readonly isTraining: boolean
}

/**
 * The list of a run's images with their scores, worked out by the functions that score the fold.
 * @throws UserError `damaged` where the scores are not of the run's classes
 */
export function overlayRun({ classes, scores, epoch, isTraining }: ReadRun): OverlayRun {
  for (const counts of scores) checkClasses(counts, classes.length)
  const fold = scoresOf(mergeCounts(scores))
  return {
    // Counts and label maps go by ascending id (see classIndex), whatever the order in the file.
    classes: classes.toSorted((a, b) => a.id - b.id).map(({ name, color }) => ({ name, color })),
    images: scores.map((counts) => {
      const { mIoU, perClassIoU } = scoresOf(counts)
      const { image: name, tp, fp, fn } = counts
      return { name, score: mIoU, iou: perClassIoU, tp, fp, fn }
    }),
    fold: { score: fold.mIoU, iou: fold.perClassIoU },
    epoch,
    isTraining,
  }
}

function checkClasses({ image, tp, fp, fn, tn }: ImageScores, count: number): void {
  if ([tp, fp, fn, tn].every(({ length }) => length === count)) return
  throw new UserError('the scores of this image are not of the classes that the run was trained on', {
    value: image,
    allowed: `${count} numbers each in tp, fp, fn and tn`,
    hint: 'Train the fold again.',
    code: 'damaged',
  })
}

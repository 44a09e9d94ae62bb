import type { OverlayClass, OverlayRun, ScoredImage } from '../../../src/protocol/overlayMessages.ts'

/** One class of one image. */
export interface ClassRow {
  readonly name: string
  readonly color: string | undefined
  readonly isShown: boolean
  readonly truthPixels: number
  readonly predictedPixels: number
  readonly tp: number
  readonly fp: number
  readonly fn: number
  readonly imageIoU: number | null
  readonly foldIoU: number | null
}

/** @param classes with the colours of the picture */
export function classRows(
  classes: readonly OverlayClass[],
  image: ScoredImage,
  fold: OverlayRun['fold'],
  hidden: readonly string[],
): readonly ClassRow[] {
  return classes.map(({ name, color }, c) => ({
    name,
    color,
    isShown: !hidden.includes(name),
    truthPixels: image.tp[c] + image.fn[c],
    predictedPixels: image.tp[c] + image.fp[c],
    tp: image.tp[c],
    fp: image.fp[c],
    fn: image.fn[c],
    imageIoU: image.iou[c],
    foldIoU: fold.iou[c],
  }))
}

/** Share of pixels that have another class than the truth says; null where no pixel counts. */
export function wrongShare({ tp, fn }: ScoredImage): number | null {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  const wrong = sum(fn)
  const all = wrong + sum(tp)
  return all === 0 ? null : wrong / all
}

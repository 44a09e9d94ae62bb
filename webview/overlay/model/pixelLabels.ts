import { ignoredLabel } from './errorKinds.ts'
import type { Point } from './zoom.ts'

/** A label map as it was decoded: `labels[y · width + x]` is a class index or ignoredLabel. */
export interface LabelMap {
  readonly width: number
  readonly height: number
  readonly labels: Uint8Array
}

/** What a label map says of a pixel. */
export type PixelLabel = { readonly class: number } | 'ignored' | 'unknown'

/** @param classCount labels from there on, but the ignored one, belong to no class */
export function labelAt({ labels, width }: LabelMap, { x, y }: Point, classCount: number): PixelLabel {
  const label = labels[y * width + x]
  if (label === ignoredLabel) return 'ignored'
  return label < classCount ? { class: label } : 'unknown'
}

import type { Sample } from './sample.ts'
import { stridedCopy } from './stridedCopy.ts'

/** The eight symmetries of the square, in Albumentations' names: turns counter-clockwise, v upside down, h left to right. */
export const symmetries = ['e', 'r90', 'r180', 'r270', 'v', 'hvt', 'h', 't'] as const
export type SymmetryName = (typeof symmetries)[number]

/** The image and its mask turned or mirrored in whole pixels; `hvt` mirrors about the other diagonal, `t` swaps rows and columns. */
export function applySymmetry(sample: Sample, symmetry: SymmetryName): Sample {
  const { height, width } = sample
  const same = { height, width }
  const turned = { height: width, width: height }
  const last = height * width - 1
  switch (symmetry) {
    case 'e':
      return sample
    case 'r90':
      return stridedCopy(sample, { ...turned, start: width - 1, rowStep: -1, columnStep: width })
    case 'r180':
      return stridedCopy(sample, { ...same, start: last, rowStep: -width, columnStep: -1 })
    case 'r270':
      return stridedCopy(sample, { ...turned, start: last - width + 1, rowStep: 1, columnStep: -width })
    case 'v':
      return stridedCopy(sample, { ...same, start: last - width + 1, rowStep: -width, columnStep: 1 })
    case 'hvt':
      return stridedCopy(sample, { ...turned, start: last, rowStep: -1, columnStep: -width })
    case 'h':
      return stridedCopy(sample, { ...same, start: width - 1, rowStep: width, columnStep: -1 })
    case 't':
      return stridedCopy(sample, { ...turned, start: 0, rowStep: 1, columnStep: width })
  }
}

import { maxSizeTransform } from './maxSize.ts'

export const longestMaxSize = maxSizeTransform(
  'LongestMaxSize',
  'Resizes so that the longer side has a given length; the shape stays.',
  Math.max,
)

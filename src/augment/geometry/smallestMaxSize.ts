import { maxSizeTransform } from './maxSize.ts'

export const smallestMaxSize = maxSizeTransform(
  'SmallestMaxSize',
  'Resizes so that the shorter side has a given length; the shape stays.',
  Math.min,
)

import * as z from 'zod'

/** Argument `interpolation` of transforms that bring an image to another size. */
export const interpolation = z
  .enum(['nearest', 'linear', 'area', 'cubic'])
  .default('linear')
  .describe('How the image is resampled; area averages when shrinking (default linear, which is bilinear).')

import { UserError } from '../core/errors.ts'
import type { Size } from './sample.ts'

/**
 * Size of a crop out of an image of `size`.
 * @throws UserError when the crop does not fit
 */
export function cropSize(name: string, size: Size, { height, width }: Size): Size {
  if (height <= size.height && width <= size.width) return { height, width }
  throw new UserError(
    `${name} of ${height}×${width} (height×width) does not fit into an image of ${size.height}×${size.width}.`,
    {
      value: { height, width },
      allowed: `height up to ${size.height}, width up to ${size.width}`,
      hint: `Put PadIfNeeded with min_height ${height} and min_width ${width}, or Resize, before ${name}; or make the crop smaller.`,
      code: 'crop-too-large',
    },
  )
}

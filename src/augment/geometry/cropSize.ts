import { UserError } from '../../core/errors.ts'
import type { Size } from '../sample.ts'

/**
 * Size of a crop out of an image of `image`.
 * @param message what Albumentations says where it does not fit
 * @throws UserError when the crop does not fit
 */
export function cropSize(image: Size, { height, width }: Size, message: string, name: string): Size {
  if (height <= image.height && width <= image.width) return { height, width }
  throw new UserError(`${name}: ${message}.`, {
    value: { height, width },
    allowed: `height up to ${image.height}, width up to ${image.width}`,
    hint: `Put PadIfNeeded with min_height ${height} and min_width ${width}, or Resize, before ${name}; or make the crop smaller.`,
    code: 'crop-too-large',
  })
}

/** In the words of Albumentations 1.4's CropSizeError. */
export function exceedingCrop(image: Size, { height, width }: Size): string {
  return `Crop size (height, width) exceeds image dimensions (height, width): (${height}, ${width}) vs (${image.height}, ${image.width})`
}

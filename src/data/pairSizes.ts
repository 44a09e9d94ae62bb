import type { Size } from '../augment/sample.ts'
import { UserError } from '../core/errors.ts'
import { collectFaults } from './allFaults.ts'
import type { ImagePair } from './folders.ts'
import { maskName, type MaskSource } from './masks/maskSource.ts'
import { readMaskSize } from './masks/readMask.ts'
import { defaultPixelLimit, readSize, type ImageHeader } from './readSize.ts'

/**
 * Size of every pair as displayed, from the headers alone.
 * @throws UserError that lists every pair whose mask has another size than its image, and every damaged file
 */
export async function readPairSizes(pairs: readonly Pick<ImagePair, 'image' | 'mask'>[]): Promise<readonly Size[]> {
  return collectFaults(pairs, 16, readPairSize)
}

/** @throws UserError for a mask of another size than its image */
export async function readPairSize({ image, mask }: Pick<ImagePair, 'image' | 'mask'>): Promise<Size> {
  const imageHeader = await readSize(image)
  const maskHeader = await readMaskSize(mask, defaultPixelLimit)
  const { height, width } = imageHeader
  if (height !== maskHeader.height || width !== maskHeader.width) throw otherSize(image, imageHeader, mask, maskHeader)
  return { height, width }
}

function otherSize(image: string, imageHeader: ImageHeader, mask: MaskSource, maskHeader: Size): UserError {
  const { orientation, storedHeight, storedWidth } = imageHeader
  const fitsStored = maskHeader.height === storedHeight && maskHeader.width === storedWidth
  const isTurned = orientation > 4 && fitsStored
  return new UserError(
    `the mask has ${sizeText(maskHeader)} pixels (width x height), its image ${image} ${sizeText(imageHeader)}`,
    {
      file: maskName(mask),
      hint: isTurned
        ? `The image has EXIF orientation ${orientation} and is turned when shown; the mask was drawn on the unturned picture. Turn the mask, or remove the EXIF orientation.`
        : 'Export the mask in the size of its image; resizing is never guessed.',
      code: 'other-size',
    },
  )
}

function sizeText({ width, height }: Size): string {
  return `${width}x${height}`
}

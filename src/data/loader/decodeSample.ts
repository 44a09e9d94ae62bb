import { resizeSample } from '../../augment/resizeSample.ts'
import type { Sample } from '../../augment/sample.ts'
import { UserError } from '../../core/errors.ts'
import { decodeImage } from '../decodeImage.ts'
import { decodeMask } from '../decodeMask.ts'
import type { ImagePair } from '../folders.ts'
import type { MaskRules } from '../maskRules.ts'
import { maskName } from '../masks/maskSource.ts'

/**
 * Decodes one pair, resized to [height, width] if given: image bilinear, mask nearest.
 * @throws UserError for files that cannot be used, and for a mask of another size than its image
 */
export async function decodeSample(
  { image: imagePath, mask: source }: Pick<ImagePair, 'image' | 'mask'>,
  rules: MaskRules,
  resize: readonly [height: number, width: number] | null,
): Promise<Sample> {
  const { image, height, width } = await decodeImage(imagePath)
  const decodedMask = await decodeMask(source, rules)
  if (decodedMask.height !== height || decodedMask.width !== width) {
    const message = `the mask has ${decodedMask.width}x${decodedMask.height} pixels (width x height), its image ${imagePath} ${width}x${height}`
    throw new UserError(message, {
      file: maskName(source),
      hint: 'Export the mask in the size of its image.',
      code: 'other-size',
    })
  }
  const sample = { image, mask: decodedMask.mask, height, width }
  return resize === null ? sample : resizeSample(sample, { height: resize[0], width: resize[1] })
}

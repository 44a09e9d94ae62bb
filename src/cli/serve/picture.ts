import { resolve } from 'node:path'
import type { Size } from '../../augment/sample.ts'
import { classColors } from '../../data/classColors.ts'
import { decodeImage } from '../../data/decodeImage.ts'
import { decodeMask, type DecodedMask } from '../../data/decodeMask.ts'
import { jpegWithin, labelsPngWithin, type EncodedPicture } from '../../data/encodePicture.ts'
import type { MaskRules } from '../../data/maskRules.ts'
import { resizeLabels } from '../../data/resizeLabels.ts'
import { shrinkImage, sizeWithin, type RgbImage } from '../../data/shrink.ts'
import { tintClasses } from '../../data/tint.ts'
import type { AnswerOf, QuestionOf } from '../../protocol/questions.ts'
import { attempt, noteText } from './attempt.ts'
import { labelCounts } from './labelCounts.ts'
import type { Pairings } from './pairings.ts'
import { pictureSubject, type PictureSubject } from './pictureSubject.ts'

/** Base64 makes 4 characters of 3 bytes; a picture for a hover has fewer than 70,000. */
export const pictureByteLimit = 52_000

/**
 * An image with its mask over it. What is wrong with the partner of the file becomes a note.
 * @throws UserError where the file cannot be shown at all
 */
export async function answerPicture(
  { id, file, root, longestSide }: QuestionOf<'picture'>,
  pairings: Pairings,
): Promise<AnswerOf<'picture'>> {
  const subject = await pictureSubject(file, root, pairings)
  const { image, mask, notes } = await decodeSubject(subject, resolve(file))
  const size = image ?? mask!.decoded
  const { mimeType, bytes } = await draw(image, mask, longestSide)
  const note = [...subject.notes, ...notes].join(' ')
  return {
    id,
    type: 'picture',
    mimeType,
    image: Buffer.from(bytes).toString('base64'),
    width: size.width,
    height: size.height,
    ...(mask === undefined ? { classes: [] } : labelCounts(mask.decoded.mask, mask.rules.classes)),
    ...(note === '' ? {} : { note }),
  }
}

interface ReadableMask {
  readonly decoded: DecodedMask
  readonly rules: MaskRules
}

interface DecodedSubject {
  /** At least one of the two is there. */
  readonly image: RgbImage | undefined
  readonly mask: ReadableMask | undefined
  readonly notes: readonly string[]
}

async function decodeSubject({ image, mask }: PictureSubject, asked: string): Promise<DecodedSubject> {
  // The image is decoded in another thread meanwhile.
  const [decodedImage, decodedMask] = await Promise.all([
    image === undefined ? undefined : attempt(() => decodeImage(image)),
    mask && attempt(() => decodeMask(mask.source, mask.rules)),
  ])
  const isImage = image === asked
  const nothingElse = isImage || decodedImage?.value === undefined
  const fault = isImage ? decodedImage?.error : decodedMask?.error
  if (fault !== undefined && nothingElse) throw fault
  const readable = decodedMask?.value && mask && { decoded: decodedMask.value, rules: mask.rules }
  return {
    image: decodedImage?.value,
    mask: readable,
    notes: [
      ...(decodedImage?.error === undefined ? [] : [`The image is not shown: ${noteText(decodedImage.error)}`]),
      ...(decodedMask?.error === undefined ? [] : [`The mask is not shown: ${noteText(decodedMask.error)}`]),
      ...(readable?.decoded.warnings ?? []).map((warning) => `About the mask: ${warning}`),
      ...(decodedImage?.value && readable ? sizeNotes(decodedImage.value, readable.decoded) : []),
    ],
  }
}

function sizeNotes(image: Size, mask: Size): readonly string[] {
  if (image.height === mask.height && image.width === mask.width) return []
  const text = ({ width, height }: Size): string => `${width} × ${height}`
  return [`The mask has ${text(mask)} pixels, its image ${text(image)} (width × height): training refuses this pair.`]
}

async function draw(
  image: RgbImage | undefined,
  mask: ReadableMask | undefined,
  longestSide: number,
): Promise<EncodedPicture> {
  const colors = classColors(mask?.rules.classes.colors ?? [])
  if (image === undefined) {
    const { decoded } = mask!
    const size = sizeWithin(decoded, longestSide)
    return labelsPngWithin(resizeLabels(decoded.mask, decoded, size), size, colors, pictureByteLimit)
  }
  const small = await shrinkImage(image, sizeWithin(image, longestSide))
  if (mask === undefined) return jpegWithin(small, pictureByteLimit)
  const labels = resizeLabels(mask.decoded.mask, mask.decoded, small)
  return jpegWithin(tintClasses(small, labels, colors), pictureByteLimit)
}

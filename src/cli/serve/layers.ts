import { encodePhotograph, labelsPng } from '../../data/encodePicture.ts'
import type { AnswerOf, QuestionOf } from '../../protocol/questions.ts'
import { noteText } from './attempt.ts'
import { namedColors } from './labelCounts.ts'
import type { Pairings } from './pairings.ts'
import { readRunImage } from './runImage.ts'

/**
 * Photograph, truth and prediction of an image at its own size. A mask or prediction that cannot be read becomes a note;
 * that there is no mask is said by `isMaskMissing` alone.
 * @throws UserError where there is no such run or image
 */
export async function answerLayers(
  { id, ...choice }: QuestionOf<'layers'>,
  pairings: Pairings,
): Promise<AnswerOf<'layers'>> {
  const { photograph, classes, truth, prediction } = await readRunImage(choice, pairings)
  const { mimeType, bytes } = await encodePhotograph(photograph)
  const layer = (labels: Uint8Array | undefined): string | null =>
    labels === undefined ? null : base64(labelsPng(labels, photograph))
  const isMaskMissing = truth.error?.details.code === 'no-mask'
  const notes = [
    ...(truth.error === undefined || isMaskMissing ? [] : [`The mask is not shown: ${noteText(truth.error)}`]),
    ...(prediction.error === undefined ? [] : [`The prediction is not shown: ${noteText(prediction.error)}`]),
  ]
  return {
    id,
    type: 'layers',
    width: photograph.width,
    height: photograph.height,
    mimeType,
    image: base64(bytes),
    truth: layer(truth.value),
    ...(isMaskMissing ? { isMaskMissing } : {}),
    prediction: layer(prediction.value),
    classes: [...namedColors(classes)],
    ...(notes.length === 0 ? {} : { note: notes.join(' ') }),
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}

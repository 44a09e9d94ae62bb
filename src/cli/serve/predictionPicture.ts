import { classColors } from '../../data/classColors.ts'
import { jpegWithin } from '../../data/encodePicture.ts'
import { resizeLabels } from '../../data/resizeLabels.ts'
import { shrinkImage, sizeWithin, type RgbImage } from '../../data/shrink.ts'
import { sideBySide, tintClasses, tintErrors } from '../../data/tint.ts'
import type { AnswerOf, QuestionOf } from '../../protocol/questions.ts'
import { noteText } from './attempt.ts'
import { labelCounts } from './labelCounts.ts'
import type { Pairings } from './pairings.ts'
import { pictureByteLimit } from './picture.ts'
import { readRunImage, type RunImage } from './runImage.ts'

const gapPixels = 4

/**
 * The prediction of a run over the image and, where the mask can be read, its errors beside it.
 * @throws UserError where there is no such run, image or prediction
 */
export async function answerPredictionPicture(
  { id, longestSide, ...choice }: QuestionOf<'prediction-picture'>,
  pairings: Pairings,
): Promise<AnswerOf<'prediction-picture'>> {
  const { photograph, classes, truth, prediction } = await readRunImage(choice, pairings)
  if (prediction.value === undefined) throw prediction.error
  const picture = await draw({ photograph, classes, truth: truth.value, prediction: prediction.value }, longestSide)
  const { mimeType, bytes } = await jpegWithin(picture, pictureByteLimit)
  return {
    id,
    type: 'prediction-picture',
    mimeType,
    image: Buffer.from(bytes).toString('base64'),
    width: photograph.width,
    height: photograph.height,
    classes: labelCounts(prediction.value, classes).classes,
    note:
      truth.error === undefined
        ? 'Left the prediction, right its errors in red.'
        : `Errors are not shown: ${noteText(truth.error)}`,
  }
}

interface Drawn extends Pick<RunImage, 'photograph' | 'classes'> {
  readonly truth: Uint8Array | undefined
  readonly prediction: Uint8Array
}

/** Both halves together stay within the longest side. */
async function draw({ photograph, classes, truth, prediction }: Drawn, longestSide: number): Promise<RgbImage> {
  const { height, width } = photograph
  const halfWidth = Math.floor((longestSide - gapPixels) / 2)
  const scale = truth === undefined ? longestSide / width : halfWidth / width
  const longest = Math.max(1, Math.floor(Math.max(height, width) * Math.min(scale, longestSide / height)))
  const small = await shrinkImage(photograph, sizeWithin(photograph, longest))
  const shown = resizeLabels(prediction, photograph, small)
  const left = tintClasses(small, shown, classColors(classes.colors))
  if (truth === undefined) return left
  return sideBySide(left, tintErrors(small, resizeLabels(truth, photograph, small), shown), gapPixels)
}

import { squaredDistances } from '../distanceTransform.ts'
import { defineBoundaryMetric, meanOf } from './boundaryMetric.ts'
import { classMasks, contourOf, type LabelPair } from './classMasks.ts'

/** How far a contour may be off, as a share of the image's diagonal (Csurka et al. 2013). */
const ratio = 0.0075

/** Boundary F1 (Csurka et al. 2013), of each image and class, then their mean over the images that have the class. */
export const boundaryF1 = defineBoundaryMetric<number>({
  name: 'boundaryF1',
  summary: 'F1 of the contour pixels that lie within 0.75 % of the diagonal of the other contour, mean over images.',
  unit: 'fraction',
  measure: boundaryF1Scores,
  score: meanOf,
})

/** In pixels. */
export function matchDistance(height: number, width: number): number {
  return ratio * Math.hypot(height, width)
}

/**
 * F1 of each class of one image. The image's edge is no contour: a class that fills the image in both has none and scores 1;
 * one that is absent from both has no score, one that is in one of them alone 0.
 */
export function boundaryF1Scores(pair: LabelPair): readonly (number | null)[] {
  const { height, width } = pair
  const most = matchDistance(height, width)
  return Array.from({ length: pair.classes }, (_, label) => {
    const { truth, prediction, inTruth, inPrediction } = classMasks(pair, label)
    if (!inTruth && !inPrediction) return null
    const contours = [truth, prediction].map((mask) => contourOf(mask, height, width, false))
    const [hasTruth, hasPrediction] = contours.map((contour) => contour.includes(1))
    if (!hasTruth && !hasPrediction) return Number(inTruth && inPrediction)
    if (!hasTruth || !hasPrediction) return 0
    const recall = matchedShare(contours[0], contours[1], height, width, most)
    const precision = matchedShare(contours[1], contours[0], height, width, most)
    return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall)
  })
}

/** Share of the pixels of a contour within `most` pixels of the other. */
function matchedShare(contour: Uint8Array, other: Uint8Array, height: number, width: number, most: number): number {
  const squares = squaredDistances(other, height, width)
  let [pixels, matched] = [0, 0]
  for (let pixel = 0; pixel < contour.length; pixel++) {
    pixels += contour[pixel]
    matched += Number(contour[pixel] === 1 && Math.sqrt(squares[pixel]) <= most)
  }
  return matched / pixels
}

import { squaredDistances } from '../distanceTransform.ts'
import { defineBoundaryMetric, meanOf } from './boundaryMetric.ts'
import { classMasks, contourOf, type LabelPair } from './classMasks.ts'

/** 95th percentile of the Hausdorff distance (MedPy's `hd95`), of each image and class, then their mean over images. */
export const hausdorff95 = defineBoundaryMetric<number>({
  name: 'hausdorff95',
  summary:
    '95th percentile of the distances between the two contours, mean over the images that have the class in both. Lower is better.',
  unit: 'pixels',
  measure: hausdorff95Distances,
  score: meanOf,
})

/** In pixels, for each class of one image; null where the class is absent from truth or prediction. */
export function hausdorff95Distances(pair: LabelPair): readonly (number | null)[] {
  const { height, width } = pair
  return Array.from({ length: pair.classes }, (_, label) => {
    const { truth, prediction, inTruth, inPrediction } = classMasks(pair, label)
    if (!inTruth || !inPrediction) return null
    const contours = [truth, prediction].map((mask) => contourOf(mask, height, width, true))
    const [ofTruth, ofPrediction] = contours.map((contour) => squaredDistances(contour, height, width))
    const distances: number[] = []
    contours[0].forEach((value, pixel) => value && distances.push(Math.sqrt(ofPrediction[pixel])))
    contours[1].forEach((value, pixel) => value && distances.push(Math.sqrt(ofTruth[pixel])))
    return percentile(distances, 0.95)
  })
}

/** NumPy's `percentile`, linear between the two nearest of the sorted values. */
function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort()
  const position = share * (sorted.length - 1)
  const [below, above] = [sorted[Math.floor(position)], sorted[Math.ceil(position)]]
  return below + (above - below) * (position - Math.floor(position))
}

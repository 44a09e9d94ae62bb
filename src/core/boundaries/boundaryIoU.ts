import { defineBoundaryMetric } from './boundaryMetric.ts'
import { classMasks, type LabelPair } from './classMasks.ts'

interface Overlap {
  readonly intersection: number
  readonly union: number
}

/** Width of the band, as a share of the image's diagonal (Cheng et al. 2021). */
const ratio = 0.02

/** Boundary IoU (Cheng et al. 2021): intersection over union of the bands inside the contours of truth and prediction. */
export const boundaryIoU = defineBoundaryMetric<Overlap>({
  name: 'boundaryIoU',
  summary: 'Intersection over union of the bands along the contours (2 % of the diagonal wide), pooled over images.',
  unit: 'fraction',
  measure: boundaryOverlaps,
  score: (measures) => {
    const sum = (kind: keyof Overlap): number => measures.reduce((left, measure) => left + measure[kind], 0)
    return sum('union') === 0 ? null : sum('intersection') / sum('union')
  },
})

/** Intersection and union of the bands of each class in one image; 0 and 0 where it has neither. */
export function boundaryOverlaps(pair: LabelPair): readonly Overlap[] {
  const { height, width } = pair
  const distance = bandWidth(height, width)
  return Array.from({ length: pair.classes }, (_, label) => {
    const masks = classMasks(pair, label)
    const [truth, prediction] = [masks.truth, masks.prediction].map((mask) => bandOf(mask, height, width, distance))
    let [intersection, union] = [0, 0]
    for (let pixel = 0; pixel < truth.length; pixel++) {
      intersection += truth[pixel] & prediction[pixel]
      union += truth[pixel] | prediction[pixel]
    }
    return { intersection, union }
  })
}

/** In pixels, at least 1; halves round to even, as Python does in the authors' code. */
export function bandWidth(height: number, width: number): number {
  const exact = ratio * Math.hypot(height, width)
  const below = Math.floor(exact)
  const up = exact - below > 0.5 || (exact - below === 0.5 && below % 2 === 1)
  return Math.max(1, below + Number(up))
}

/** A mask without its erosion by a square of 2 · distance + 1 pixels, outside of the image counting as outside of the mask. */
function bandOf(mask: Uint8Array, height: number, width: number, distance: number): Uint8Array {
  const eroded = new Uint8Array(mask)
  for (let y = 0; y < height; y++) erodeLine(eroded, y * width, 1, width, distance)
  for (let x = 0; x < width; x++) erodeLine(eroded, x, width, height, distance)
  return mask.map((value, pixel) => value & ~eroded[pixel])
}

/** Keeps of every run of ones what is at least `distance` from its ends. */
function erodeLine(mask: Uint8Array, begin: number, step: number, length: number, distance: number): void {
  let run = 0
  for (let index = 0; index <= length; index++) {
    if (index < length && mask[begin + index * step] !== 0) {
      run++
      continue
    }
    const first = index - run
    for (let each = first; each < index; each++)
      if (each < first + distance || each >= index - distance) mask[begin + each * step] = 0
    run = 0
  }
}

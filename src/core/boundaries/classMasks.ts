/** Labels of one image and of its prediction. */
export interface LabelPair {
  /** [height·width], class indices; anything outside 0 … classes − 1 is ignored. */
  readonly truth: ArrayLike<number>
  /** [height·width], class indices. */
  readonly prediction: ArrayLike<number>
  readonly height: number
  readonly width: number
  readonly classes: number
}

/** Where an image and its prediction are of one class, 0 or 1, without the ignored pixels; [height·width]. */
export interface ClassMasks {
  readonly truth: Uint8Array
  readonly prediction: Uint8Array
  readonly inTruth: boolean
  readonly inPrediction: boolean
}

export function classMasks({ truth, prediction, classes, height, width }: LabelPair, label: number): ClassMasks {
  const masks = { truth: new Uint8Array(height * width), prediction: new Uint8Array(height * width) }
  for (let pixel = 0; pixel < masks.truth.length; pixel++) {
    const row = truth[pixel]
    if (row < 0 || row >= classes) continue
    masks.truth[pixel] = Number(row === label)
    masks.prediction[pixel] = Number(prediction[pixel] === label)
  }
  return { ...masks, inTruth: masks.truth.includes(1), inPrediction: masks.prediction.includes(1) }
}

/**
 * Pixels of a mask with one of their four neighbours outside it, 0 or 1.
 * @param isBorderOutside whether pixels on the edge of the image count as having such a neighbour
 */
export function contourOf(mask: Uint8Array, height: number, width: number, isBorderOutside: boolean): Uint8Array {
  const beyond = Number(!isBorderOutside)
  const contour = new Uint8Array(mask.length)
  for (let y = 0, pixel = 0; y < height; y++)
    for (let x = 0; x < width; x++, pixel++) {
      if (mask[pixel] === 0) continue
      const left = x > 0 ? mask[pixel - 1] : beyond
      const right = x < width - 1 ? mask[pixel + 1] : beyond
      const above = y > 0 ? mask[pixel - width] : beyond
      const below = y < height - 1 ? mask[pixel + width] : beyond
      contour[pixel] = Number((left & right & above & below) === 0)
    }
  return contour
}

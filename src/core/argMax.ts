/**
 * The class of each pixel, the lowest among equals.
 * @param scores [pixels, classes]
 */
export function argMaxInto(scores: Float32Array, classes: number, labels: Uint8Array | Int32Array): void {
  for (let pixel = 0, start = 0; pixel < labels.length; pixel++, start += classes) {
    let best = 0
    let most = scores[start]
    for (let c = 1; c < classes; c++) {
      const score = scores[start + c]
      if (score > most) {
        best = c
        most = score
      }
    }
    labels[pixel] = best
  }
}

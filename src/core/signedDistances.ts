import { squaredDistances } from './distanceTransform.ts'

/**
 * The signed distance maps of the boundary loss (Kervadec et al. 2019; definitions 2): D(outside) for pixels outside of a
 * class, 1 − D(inside) for those inside, D being the exact Euclidean distance to the nearest pixel of the other side. 0 where
 * a class is absent or fills the image: it has no boundary.
 * @param labels [height·width], class indices; ignored ones are outside of every class
 * @param output [height·width, classes], in pixels
 */
export function signedDistances(
  labels: ArrayLike<number>,
  { height, width }: { readonly height: number; readonly width: number },
  classes: number,
  output: Float32Array,
): void {
  const [inside, outside] = [new Uint8Array(height * width), new Uint8Array(height * width)]
  output.fill(0)
  for (let label = 0; label < classes; label++) {
    for (let pixel = 0; pixel < inside.length; pixel++) {
      inside[pixel] = Number(labels[pixel] === label)
      outside[pixel] = 1 - inside[pixel]
    }
    if (!inside.includes(1) || !outside.includes(1)) continue
    const outwards = squaredDistances(inside, height, width)
    const inwards = squaredDistances(outside, height, width)
    for (let pixel = 0; pixel < inside.length; pixel++)
      output[pixel * classes + label] = inside[pixel] === 1 ? 1 - Math.sqrt(inwards[pixel]) : Math.sqrt(outwards[pixel])
  }
}

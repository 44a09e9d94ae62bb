import type { Size } from './sample.ts'

/** A symmetry of the square: flips, then the exchange of rows and columns. */
export interface Symmetry {
  /** Upside down. */
  readonly vertical: boolean
  /** Left to right. */
  readonly horizontal: boolean
  readonly transposed: boolean
}

const [none, h, v, hv] = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
].map(([horizontal, vertical]) => ({ horizontal, vertical, transposed: false }))

/** Views of a picture whose predictions are averaged (test-time augmentation). */
export const testTimeSets = {
  hflip: [none, h],
  hvflip: [none, h, v, hv],
  d4: [none, h, v, hv].flatMap((flips) => [flips, { ...flips, transposed: true }]),
} as const satisfies Readonly<Record<string, readonly Symmetry[]>>

export type TestTimeSet = keyof typeof testTimeSets

/** Size of a picture after the symmetry. */
export function turnedSize({ height, width }: Size, { transposed }: Symmetry): Size {
  return transposed ? { height: width, width: height } : { height, width }
}

/** @param planes [channels, height, width] → the same of the turned picture */
export function turnPlanes(planes: Float32Array, size: Size, symmetry: Symmetry): Float32Array {
  const area = size.height * size.width
  const turned = new Float32Array(planes.length)
  const target = targetsOf(size, symmetry)
  for (let start = 0; start < planes.length; start += area)
    for (let pixel = 0; pixel < area; pixel++) turned[start + target[pixel]] = planes[start + pixel]
  return turned
}

/**
 * Adds a prediction of the turned picture to that of the picture.
 * @param sum [height · width, classes]
 * @param turned the same rows in the order of the turned picture
 */
export function addTurnedBack(sum: Float32Array, turned: Float32Array, size: Size, symmetry: Symmetry): void {
  const area = size.height * size.width
  const classes = sum.length / area
  const target = targetsOf(size, symmetry)
  for (let pixel = 0, index = 0; pixel < area; pixel++)
    for (let c = 0, from = target[pixel] * classes; c < classes; c++) sum[index++] += turned[from++]
}

/** Where each pixel of the picture lies in the turned one. */
function targetsOf(size: Size, symmetry: Symmetry): Uint32Array {
  const { height, width } = size
  const targets = new Uint32Array(height * width)
  for (let y = 0, pixel = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const row = symmetry.vertical ? height - 1 - y : y
      const column = symmetry.horizontal ? width - 1 - x : x
      targets[pixel++] = symmetry.transposed ? column * height + row : row * width + column
    }
  return targets
}

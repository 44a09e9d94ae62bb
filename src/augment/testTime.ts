import type { TestTimeSet } from '../core/inferenceSettings.ts'
import type { Size } from './sample.ts'
import { scaledSize, scalePlanes, scaleRows } from './scalePlanes.ts'

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

/** Symmetries whose predictions are averaged, by the name of the set. */
export const testTimeSets = {
  none: [none],
  hflip: [none, h],
  hvflip: [none, h, v, hv],
  d4: [none, h, v, hv].flatMap((flips) => [flips, { ...flips, transposed: true }]),
} as const satisfies Readonly<Record<TestTimeSet, readonly Symmetry[]>>

/** A picture turned and then resized. */
export interface View extends Symmetry {
  readonly scale: number
}

/** The views of test-time augmentation: every symmetry of the set at every scale. */
export function viewsOf(set: TestTimeSet, scales: readonly number[]): readonly View[] {
  return scales.flatMap((scale) => testTimeSets[set].map((symmetry) => ({ ...symmetry, scale })))
}

/** Whether a view is the picture itself. */
export function isPlain({ vertical, horizontal, transposed, scale }: View): boolean {
  return !vertical && !horizontal && !transposed && scale === 1
}

/** Size of a picture as the view shows it. */
export function viewSize(size: Size, view: View): Size {
  return scaledSize(turnedSize(size, view), view.scale)
}

/** @param planes [channels, height, width] → the same as the view shows them */
export function viewPlanes(planes: Float32Array, size: Size, view: View): Float32Array {
  const turned = turnPlanes(planes, size, view)
  return view.scale === 1 ? turned : scalePlanes(turned, turnedSize(size, view), viewSize(size, view))
}

/**
 * Adds the prediction of a view to that of the picture.
 * @param sum [height · width, classes]
 * @param rows of the view, [its pixels, classes]
 */
export function addViewBack(sum: Float32Array, rows: Float32Array, size: Size, view: View): void {
  const turned = view.scale === 1 ? rows : scaleRows(rows, viewSize(size, view), turnedSize(size, view))
  addTurnedBack(sum, turned, size, view)
}

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

import type { Size } from '../augment/sample.ts'
import { addViewBack, isPlain, viewPlanes, viewSize, type View } from '../augment/testTime.ts'

/** A picture as a view shows it. */
interface Viewed extends Size {
  readonly view: View
  /** [3, height, width] */
  readonly planes: Float32Array
}

/**
 * The mean over the views of test-time augmentation, each turned back: [height · width, classes], valid until the next call.
 * @param predict softmax of a viewed picture, [its pixels, classes], valid until the next
 */
export async function meanOverViews(
  planes: Float32Array,
  size: Size,
  views: readonly View[],
  predict: (viewed: Viewed) => Promise<Float32Array>,
): Promise<Float32Array> {
  let sum: Float32Array | undefined
  for (const view of views) {
    const isAlone = views.length === 1 && isPlain(view)
    const viewed = { ...viewSize(size, view), planes: isPlain(view) ? planes : viewPlanes(planes, size, view), view }
    const rows = await predict(viewed)
    if (isAlone) return rows
    const classes = rows.length / (viewed.height * viewed.width)
    sum ??= new Float32Array(size.height * size.width * classes)
    addViewBack(sum, rows, size, view)
  }
  const mean = sum!
  for (let index = 0; index < mean.length; index++) mean[index] /= views.length
  return mean
}

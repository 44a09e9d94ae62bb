import { argMaxInto } from '../core/argMax.ts'
import type { ImageRows } from '../data/imageRows.ts'
import { memberRows, type Member } from './memberRows.ts'

/**
 * Class indices of an image row by row, each valid until the next: the largest mean softmax of the members, ties to the
 * lowest class.
 */
export async function* labelRows(
  image: ImageRows,
  members: readonly Member[],
): AsyncGenerator<Uint8Array, void, undefined> {
  const [{ classes }] = members
  const sources = members.map((member) => memberRows(image, member))
  const sum = new Float32Array(image.width * classes)
  const labels = new Uint8Array(image.width)
  for (let y = 0; y < image.height; y++) {
    sum.fill(0)
    for (const source of sources) {
      const row = (await source.next()).value!
      for (let index = 0; index < sum.length; index++) sum[index] += row[index]
    }
    argMaxInto(sum, classes, labels)
    yield labels
  }
}

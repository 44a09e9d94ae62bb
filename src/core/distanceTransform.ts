/**
 * Squared Euclidean distance of every pixel to the nearest one that is set, exactly (Felzenszwalb & Huttenlocher 2012: lower
 * envelopes of parabolas, first along columns, then along rows); Infinity everywhere where none is set.
 * @param isSet [height·width], anything but 0 is set
 * @returns [height·width], in pixels²
 */
export function squaredDistances(isSet: ArrayLike<number>, height: number, width: number): Float64Array {
  const squares = columnDistances(isSet, height, width)
  const line = new Float64Array(width)
  const envelope = { vertices: new Int32Array(width), bounds: new Float64Array(width + 1) }
  for (let row = 0; row < height; row++) {
    const own = squares.subarray(row * width, (row + 1) * width)
    line.set(own)
    lowerEnvelope(line, own, envelope)
  }
  return squares
}

/** Squared distance to the nearest set pixel of the same column. */
function columnDistances(isSet: ArrayLike<number>, height: number, width: number): Float64Array {
  const distances = new Float64Array(height * width)
  for (let pixel = 0; pixel < distances.length; pixel++)
    distances[pixel] = isSet[pixel] !== 0 ? 0 : pixel < width ? Infinity : distances[pixel - width] + 1
  for (let pixel = distances.length - width - 1; pixel >= 0; pixel--)
    distances[pixel] = Math.min(distances[pixel], distances[pixel + width] + 1)
  for (let pixel = 0; pixel < distances.length; pixel++) distances[pixel] *= distances[pixel]
  return distances
}

interface Envelope {
  readonly vertices: Int32Array
  readonly bounds: Float64Array
}

/** out[x] = min over v of heights[v] + (x − v)². */
function lowerEnvelope(heights: Float64Array, out: Float64Array, { vertices, bounds }: Envelope): void {
  let last = -1
  for (let x = 0; x < heights.length; x++) {
    if (heights[x] === Infinity) continue
    let begin = -Infinity
    while (last >= 0) {
      const vertex = vertices[last]
      begin = (heights[x] + x * x - heights[vertex] - vertex * vertex) / (2 * (x - vertex))
      if (begin > bounds[last]) break
      last--
    }
    last++
    vertices[last] = x
    bounds[last] = last === 0 ? -Infinity : begin
    bounds[last + 1] = Infinity
  }
  if (last < 0) return
  for (let x = 0, part = 0; x < heights.length; x++) {
    while (bounds[part + 1] < x) part++
    out[x] = heights[vertices[part]] + (x - vertices[part]) ** 2
  }
}

import { filteredRows, type Picture } from './filteredRows.ts'

/** Mean of a square of `side` pixels by running sums, border mirrored (reflect_101), rounded once (cv2.blur). */
export function boxBlur(picture: Picture, side: number): Uint8Array {
  const { height, width, channels } = picture
  const radius = (side - 1) / 2
  // One row more than the square is high: the one that leaves it is still needed when the next enters.
  const row = filteredRows(picture, radius, side + 1, (padded, output) => {
    const span = side * channels
    for (let c = 0; c < channels; c++) {
      let sum = 0
      for (let i = c; i < span; i += channels) sum += padded[i]
      for (let i = c; i < output.length; i += channels) {
        output[i] = sum
        sum += padded[i + span] - padded[i]
      }
    }
  })
  const length = width * channels
  const sums = new Float64Array(length)
  const output = new Uint8ClampedArray(height * length)
  const share = 1 / (side * side)
  for (let y = -radius; y < radius; y++) addTo(sums, row(y))
  for (let y = 0, to = 0; y < height; y++) {
    addTo(sums, row(y + radius))
    for (let i = 0; i < length; i++) output[to++] = sums[i] * share
    const leaving = row(y - radius)
    for (let i = 0; i < length; i++) sums[i] -= leaving[i]
  }
  return new Uint8Array(output.buffer)
}

function addTo(sums: Float64Array, values: Float64Array): void {
  for (let i = 0; i < sums.length; i++) sums[i] += values[i]
}

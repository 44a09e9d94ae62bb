import type { Plane } from './plane.ts'

/** Half the size in both directions by the mean of four (libjpeg's h2v2_downsample: rounded up and down in turn). */
export function halved({ samples, height, width }: Plane): Plane {
  const [halfHeight, halfWidth] = [(height + 1) >> 1, (width + 1) >> 1]
  // Whole blocks of 8: libjpeg widens the picture before it halves it, so that its last blocks see these pixels.
  const wide = Math.ceil(halfWidth / 8) * 8
  const output = new Uint8Array(halfHeight * wide)
  for (let y = 0; y < halfHeight; y++) {
    const first = 2 * y * width
    const second = Math.min(2 * y + 1, height - 1) * width
    for (let x = 0; x < wide; x++) {
      const left = Math.min(2 * x, width - 1)
      const right = Math.min(2 * x + 1, width - 1)
      const sum = samples[first + left] + samples[first + right] + samples[second + left] + samples[second + right]
      output[y * wide + x] = (sum + 1 + (x & 1)) >> 2
    }
  }
  return { samples: output, height: halfHeight, width: wide }
}

/** Back to `width` × `height`: three parts of the nearest sample and one of the next (libjpeg's "fancy upsampling"). */
export function doubled(plane: Plane, height: number, width: number): Plane {
  const halfWidth = (width + 1) >> 1
  const output = new Uint8Array(height * width)
  const sums = new Int32Array(halfWidth)
  const isSmooth = halfWidth > 2
  for (let y = 0; y < height; y++) {
    const near = (y >> 1) * plane.width
    const next = Math.min(Math.max((y >> 1) + (y & 1 ? 1 : -1), 0), plane.height - 1) * plane.width
    for (let x = 0; x < halfWidth; x++) sums[x] = 3 * plane.samples[near + x] + plane.samples[next + x]
    for (let x = 0; x < width; x++) {
      const at = x >> 1
      const beside = Math.min(Math.max(at + (x & 1 ? 1 : -1), 0), halfWidth - 1)
      output[y * width + x] = isSmooth ? (3 * sums[at] + sums[beside] + (x & 1 ? 7 : 8)) >> 4 : plane.samples[near + at]
    }
  }
  return { samples: output, height, width }
}

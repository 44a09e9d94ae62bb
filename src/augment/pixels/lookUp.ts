import type { Sample } from '../sample.ts'

/** New gray level of each of the 256; computed in double, rounded half up and clipped. */
export function levels(of: (level: number) => number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, level) => Math.min(255, Math.max(0, Math.floor(of(level) + 0.5))))
}

/** Every value of the image through one table. */
export function lookUp(sample: Sample, table: Uint8Array): Sample {
  const { image } = sample
  const output = new Uint8Array(image.length)
  for (let i = 0; i < image.length; i++) output[i] = table[image[i]]!
  return { ...sample, image: output }
}

/** Each channel through a table of its own. */
export function lookUpChannels(
  sample: Sample,
  [red, green, blue]: readonly [Uint8Array, Uint8Array, Uint8Array],
): Sample {
  const { image } = sample
  const output = new Uint8Array(image.length)
  for (let i = 0; i < image.length; i += 3) {
    output[i] = red[image[i]]!
    output[i + 1] = green[image[i + 1]]!
    output[i + 2] = blue[image[i + 2]]!
  }
  return { ...sample, image: output }
}

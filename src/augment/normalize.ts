/** Three numbers of one image or colour: red, green, blue. */
export type Rgb = readonly [number, number, number]

/** Mean and standard deviation per channel on the scale 0 … 1, as encoder weights publish them. */
export interface Normalization {
  readonly mean: Rgb
  readonly std: Rgb
}

/**
 * (v − 255·mean) / (255·std), computed in double and rounded once to float32 (Albumentations 1.4 Normalize).
 * @param image [H, W, 3], 0 … 255
 * @param batch [N, 3, H, W]; `index` says which of the N images is written
 */
export function normalizeInto(
  batch: Float32Array,
  index: number,
  image: Uint8Array,
  { mean, std }: Normalization,
): void {
  const area = image.length / 3
  const table = new Float32Array(256)
  for (let c = 0; c < 3; c++) {
    for (let v = 0; v < 256; v++) table[v] = (v - 255 * mean[c]) / (255 * std[c])
    const start = (index * 3 + c) * area
    for (let i = 0; i < area; i++) batch[start + i] = table[image[i * 3 + c]]!
  }
}

/** The inverse for one image, rounded and clamped: [3, H, W] as the network takes it → [H, W, 3], 0 … 255 */
export function denormalized(planes: Float32Array, { mean, std }: Normalization): Uint8Array {
  const area = planes.length / 3
  const pixels = new Uint8ClampedArray(planes.length)
  for (let channel = 0; channel < 3; channel++)
    for (let pixel = 0; pixel < area; pixel++)
      pixels[pixel * 3 + channel] = (planes[channel * area + pixel] * std[channel] + mean[channel]) * 255
  return new Uint8Array(pixels.buffer)
}

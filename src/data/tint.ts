import type { Rgb } from '../augment/normalize.ts'
import { ignoredLabel } from '../augment/sample.ts'
import type { RgbImage } from './shrink.ts'

const opacity = 0.55
const wrong: Rgb = [230, 30, 30]

/**
 * Class colours over an image. Class 0 stays the bare image, as it is the background in most data sets; so do ignored pixels.
 * @param labels [height, width], class index or 255
 * @param colors of class 0, 1, …
 */
export function tintClasses(picture: RgbImage, labels: Uint8Array, colors: readonly Rgb[]): RgbImage {
  const image = Uint8Array.from(picture.image)
  for (let pixel = 0; pixel < labels.length; pixel++) {
    const label = labels[pixel]
    if (label !== 0 && label < colors.length) blend(image, pixel * 3, colors[label])
  }
  return { ...picture, image }
}

/** Where the prediction differs from the truth, red on the grey image; ignored pixels are black. Labels as above. */
export function tintErrors(picture: RgbImage, truth: Uint8Array, prediction: Uint8Array): RgbImage {
  const image = new Uint8Array(picture.image.length)
  for (let pixel = 0; pixel < truth.length; pixel++) {
    if (truth[pixel] === ignoredLabel) continue
    const at = pixel * 3
    image.fill(Math.round((picture.image[at] + picture.image[at + 1] + picture.image[at + 2]) / 3), at, at + 3)
    if (truth[pixel] !== prediction[pixel]) blend(image, at, wrong)
  }
  return { ...picture, image }
}

/** Two pictures of the same size with a white gap between them. */
export function sideBySide(left: RgbImage, right: RgbImage, gapPixels: number): RgbImage {
  const { height } = left
  const width = left.width + gapPixels + right.width
  const image = new Uint8Array(height * width * 3).fill(255)
  for (let y = 0; y < height; y++) {
    const row = y * width * 3
    image.set(left.image.subarray(y * left.width * 3, (y + 1) * left.width * 3), row)
    const start = row + (left.width + gapPixels) * 3
    image.set(right.image.subarray(y * right.width * 3, (y + 1) * right.width * 3), start)
  }
  return { image, height, width }
}

function blend(image: Uint8Array, at: number, [red, green, blue]: Rgb): void {
  image[at] = Math.round(image[at] * (1 - opacity) + red * opacity)
  image[at + 1] = Math.round(image[at + 1] * (1 - opacity) + green * opacity)
  image[at + 2] = Math.round(image[at + 2] * (1 - opacity) + blue * opacity)
}

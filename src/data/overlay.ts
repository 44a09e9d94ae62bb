import { encode } from 'fast-png'
import type { Rgb } from '../augment/normalize.ts'
import { ignoredLabel, type Size } from '../augment/sample.ts'

const gapPixels = 4
const opacity = 0.55
const wrong: Rgb = [230, 30, 30]

/** One image with what is known and what was predicted. */
export interface OverlayInput extends Size {
  /** [height, width, 3] RGB */
  readonly image: Uint8Array
  /** [height, width], class index or 255 = ignored */
  readonly truth: Uint8Array
  /** [height, width], class index */
  readonly prediction: Uint8Array
  /** Colour of class 0, 1, … */
  readonly colors: readonly Rgb[]
}

/** PNG of four pictures side by side: image, truth and prediction over it, and the errors in red on grey (ignored pixels black). */
export function overlayPng(input: OverlayInput): Uint8Array {
  const { image, truth, prediction, colors, height, width } = input
  const total = 4 * width + 3 * gapPixels
  const data = new Uint8Array(total * height * 3).fill(255)
  const panels = [
    (_pixel: number, stored: Rgb): Rgb => stored,
    (pixel: number, stored: Rgb): Rgb => tinted(stored, truth[pixel], colors),
    (pixel: number, stored: Rgb): Rgb => tinted(stored, prediction[pixel], colors),
    (pixel: number, stored: Rgb): Rgb => errorColor(stored, truth[pixel], prediction[pixel]),
  ]
  panels.forEach((colorOf, panel) => {
    for (let pixel = 0; pixel < height * width; pixel++) {
      const stored: Rgb = [image[pixel * 3], image[pixel * 3 + 1], image[pixel * 3 + 2]]
      const column = panel * (width + gapPixels) + (pixel % width)
      data.set(colorOf(pixel, stored), (Math.floor(pixel / width) * total + column) * 3)
    }
  })
  return encode({ width: total, height, data, depth: 8, channels: 3 })
}

/** Class 0 stays the bare image: it is the background in most data sets. */
function tinted(stored: Rgb, label: number, colors: readonly Rgb[]): Rgb {
  return label === 0 || label >= colors.length ? stored : blend(stored, colors[label])
}

function errorColor(stored: Rgb, truth: number, prediction: number): Rgb {
  if (truth === ignoredLabel) return [0, 0, 0]
  const gray = Math.round((stored[0] + stored[1] + stored[2]) / 3)
  return truth === prediction ? [gray, gray, gray] : blend([gray, gray, gray], wrong)
}

function blend(below: Rgb, above: Rgb): Rgb {
  const mixed = (c: 0 | 1 | 2): number => Math.round(below[c] * (1 - opacity) + above[c] * opacity)
  return [mixed(0), mixed(1), mixed(2)]
}

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
export function overlayPng({ image, truth, prediction, colors, height, width }: OverlayInput): Uint8Array {
  return panelsPng({ image, height, width }, [
    (_pixel, stored) => stored,
    (pixel, stored) => tinted(stored, truth[pixel], colors),
    (pixel, stored) => tinted(stored, prediction[pixel], colors),
    (pixel, stored) => errorColor(stored, truth[pixel], prediction[pixel]),
  ])
}

/** PNG of two pictures side by side: the image, and its labels over it (ignored pixels black). */
export function labelsPng({ image, truth, colors, height, width }: Omit<OverlayInput, 'prediction'>): Uint8Array {
  return panelsPng({ image, height, width }, [
    (_pixel, stored) => stored,
    (pixel, stored) => (truth[pixel] === ignoredLabel ? [0, 0, 0] : tinted(stored, truth[pixel], colors)),
  ])
}

/** The colour of one pixel of a panel, made of the image's own. */
type Panel = (pixel: number, stored: Rgb) => Rgb

function panelsPng({ image, height, width }: Pick<OverlayInput, 'image' | keyof Size>, panels: readonly Panel[]) {
  const total = panels.length * (width + gapPixels) - gapPixels
  const data = new Uint8Array(total * height * 3).fill(255)
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

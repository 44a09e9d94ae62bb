import type { Corner } from '../cutWindow.ts'
import type { Size } from '../sample.ts'

/** Where two sides of the turned image meet the same side of the box. */
const tiny = 1e-10

/** The largest upright rectangle inside an image that was turned about its centre (Albumentations 1.4, Rotate with crop_border). */
export function largestUprightBox({ height, width }: Size, degrees: number): Size & Corner {
  const angle = (degrees * Math.PI) / 180
  const [sin, cos] = [Math.abs(Math.sin(angle)), Math.abs(Math.cos(angle))]
  const { boxWidth, boxHeight } = boxSides({ height, width }, sin, cos)
  const left = Math.max(0, Math.trunc(width / 2 - boxWidth / 2))
  const top = Math.max(0, Math.trunc(height / 2 - boxHeight / 2))
  return {
    left,
    top,
    width: Math.max(1, Math.min(width, Math.trunc(width / 2 + boxWidth / 2)) - left),
    height: Math.max(1, Math.min(height, Math.trunc(height / 2 + boxHeight / 2)) - top),
  }
}

function boxSides({ height, width }: Size, sin: number, cos: number): { boxWidth: number; boxHeight: number } {
  const [long, short] = [Math.max(height, width), Math.min(height, width)]
  if (short <= 2 * sin * cos * long || Math.abs(sin - cos) < tiny) {
    // Two corners touch the long sides, the other two lie on the line in the middle between them.
    const half = 0.5 * short
    return width >= height
      ? { boxWidth: half / sin, boxHeight: half / cos }
      : { boxWidth: half / cos, boxHeight: half / sin }
  }
  const cos2 = cos * cos - sin * sin
  return { boxWidth: (width * cos - height * sin) / cos2, boxHeight: (height * cos - width * sin) / cos2 }
}

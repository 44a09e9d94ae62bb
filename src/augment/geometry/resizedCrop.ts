import type { Corner } from '../cutWindow.ts'
import { drawFrom, type Range } from '../ranges.ts'
import { halfEven } from './halfEven.ts'
import type { Size } from '../sample.ts'
import type { Random } from '../transform.ts'

const tries = 10

/**
 * A window of random area and shape: ten tries, then the largest in the middle whose shape is allowed (torchvision's
 * RandomResizedCrop, as in Albumentations 1.4).
 * @param scale of the window's area over that of the image
 * @param ratio of width over height, log-uniform
 */
export function drawResizedCrop(size: Size, scale: Range, ratio: Range, random: Random): Size & Corner {
  const { height, width } = size
  const logRatio: Range = [Math.log(ratio[0]), Math.log(ratio[1])]
  for (let i = 0; i < tries; i++) {
    const area = drawFrom(scale, random) * height * width
    const shape = Math.exp(drawFrom(logRatio, random))
    const window = { width: halfEven(Math.sqrt(area * shape)), height: halfEven(Math.sqrt(area / shape)) }
    if (window.width < 1 || window.width > width || window.height < 1 || window.height > height) continue
    const top = random.integer(height - window.height + 1)
    return { ...window, top, left: random.integer(width - window.width + 1) }
  }
  const window = centralWindow(size, ratio)
  return { ...window, top: (height - window.height) >> 1, left: (width - window.width) >> 1 }
}

function centralWindow({ height, width }: Size, [low, high]: Range): Size {
  if (width < low * height) return { width, height: Math.max(1, Math.min(height, halfEven(width / low))) }
  if (width > high * height) return { height, width: Math.max(1, Math.min(width, halfEven(height * high))) }
  return { height, width }
}

import type { Rgb } from '../augment/normalize.ts'

/** Colour of ignored pixels in pictures, as PASCAL VOC draws them. */
export const ignoredColor: Rgb = [224, 224, 192]

/** Okabe & Ito's colours, told apart by colour-blind eyes too, after black for the background. */
const distinct: readonly Rgb[] = [
  [0, 0, 0],
  [230, 159, 0],
  [86, 180, 233],
  [0, 158, 115],
  [240, 228, 66],
  [0, 114, 178],
  [213, 94, 0],
  [204, 121, 167],
]

/** RGB of each class: the project's `#rrggbb`, or a colour that differs from its neighbours. */
export function classColors(colors: readonly (string | undefined)[]): readonly Rgb[] {
  return colors.map((color, index) => {
    if (color === undefined) return index < distinct.length ? distinct[index] : spacedHue(index)
    const value = Number.parseInt(color.slice(1), 16)
    return [value >> 16, (value >> 8) & 255, value & 255]
  })
}

/** Hues a golden angle apart never meet; saturation and lightness alternate. */
function spacedHue(index: number): Rgb {
  const hue = (index * 137.508) % 360
  const lightness = [0.5, 0.35, 0.7][index % 3]
  const chroma = 0.75 * Math.min(lightness, 1 - lightness)
  const channel = (offset: number): number => {
    const k = (offset + hue / 30) % 12
    return Math.round(255 * (lightness - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1))))
  }
  return [channel(0), channel(8), channel(4)]
}

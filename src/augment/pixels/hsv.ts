/** 12-bit fixed-point 255 / v and 30 / d, so that no pixel divides (OpenCV color_hsv, 8 bit). */
const [saturationScale, hueScale] = [255, 30].map((numerator) =>
  Int32Array.from({ length: 256 }, (_, i) => (i === 0 ? 0 : Math.round((numerator * 4096) / i))),
) as [Int32Array, Int32Array]

/**
 * RGB to 8-bit HSV: hue in half degrees, 0 … 179, saturation and value 0 … 255; equal to OpenCV's COLOR_RGB2HSV.
 * @param image [H, W, 3]
 */
export function rgbToHsv(image: Uint8Array): Uint8Array {
  const output = new Uint8Array(image.length)
  for (let i = 0; i < image.length; i += 3) {
    const r = image[i]
    const g = image[i + 1]
    const b = image[i + 2]
    const value = r > g ? (r > b ? r : b) : g > b ? g : b
    const least = r < g ? (r < b ? r : b) : g < b ? g : b
    const spread = value - least
    const turn = value === r ? g - b : value === g ? b - r + 2 * spread : r - g + 4 * spread
    const hue = (turn * hueScale[spread] + 2048) >> 12
    output[i] = hue < 0 ? hue + 180 : hue
    output[i + 1] = (spread * saturationScale[value] + 2048) >> 12
    output[i + 2] = value
  }
  return output
}

/** The way back (OpenCV's COLOR_HSV2RGB, in double and rounded once). @param image [H, W, 3] of HSV */
export function hsvToRgb(image: Uint8Array): Uint8Array {
  const output = new Uint8ClampedArray(image.length)
  for (let i = 0; i < image.length; i += 3) {
    const sixth = image[i] / 30
    const sector = Math.floor(sixth)
    const rest = sixth - sector
    const saturation = image[i + 1] / 255
    const value = image[i + 2]
    const low = value * (1 - saturation)
    const falling = value * (1 - saturation * rest)
    const rising = value * (1 - saturation * (1 - rest))
    switch (sector) {
      case 1:
        output[i] = falling
        output[i + 1] = value
        output[i + 2] = low
        break
      case 2:
        output[i] = low
        output[i + 1] = value
        output[i + 2] = rising
        break
      case 3:
        output[i] = low
        output[i + 1] = falling
        output[i + 2] = value
        break
      case 4:
        output[i] = rising
        output[i + 1] = low
        output[i + 2] = value
        break
      case 5:
        output[i] = value
        output[i + 1] = low
        output[i + 2] = falling
        break
      default:
        output[i] = value
        output[i + 1] = rising
        output[i + 2] = low
    }
  }
  return new Uint8Array(output.buffer)
}

/** The image with hue, saturation and value each through a table. */
export function throughHsv(
  image: Uint8Array,
  { hue, saturation, value }: Readonly<Record<'hue' | 'saturation' | 'value', Uint8Array>>,
): Uint8Array {
  const hsv = rgbToHsv(image)
  for (let i = 0; i < hsv.length; i += 3) {
    hsv[i] = hue[hsv[i]]!
    hsv[i + 1] = saturation[hsv[i + 1]]!
    hsv[i + 2] = value[hsv[i + 2]]!
  }
  return hsvToRgb(hsv)
}

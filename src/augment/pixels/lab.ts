// CIE Lab over sRGB and D65 in 8 bits: L · 255/100, a + 128, b + 128. Forward in the fixed point of OpenCV (RGB2Lab_b),
// because an equalisation would make much of a level's difference; back in double.

const [xWhite, zWhite] = [0.950456, 1.088754]
/** Linear light 0 … 1 is 0 … 2040. */
const lightSteps = 255 * 8
const rootBits = 15
const rootOne = 2 ** rootBits
const gammaSteps = 4_096

/** Rows of sRGB → XYZ over the white point, in 12 bits. */
const toXyz = [
  [0.412453 / xWhite, 0.35758 / xWhite, 0.180423 / xWhite],
  [0.212671, 0.71516, 0.072169],
  [0.019334 / zWhite, 0.119193 / zWhite, 0.950227 / zWhite],
].map((row) => row.map((weight) => Math.round(4096 * weight))) as [Weights, Weights, Weights]
type Weights = [number, number, number]

interface Tables {
  /** sRGB level → linear light */
  readonly light: Int32Array
  /** linear light → f of Lab */
  readonly root: Int32Array
  /** linear light in `gammaSteps` → sRGB level */
  readonly level: Uint8Array
}

let made: Tables | undefined

function tables(): Tables {
  return (made ??= {
    light: Int32Array.from({ length: 256 }, (_, v) => Math.round(lightSteps * toLinear(v / 255))),
    // Coefficients are rounded: white may come out a little above 1.
    root: Int32Array.from({ length: lightSteps + 64 }, (_, i) => Math.round(rootOne * labRoot(i / lightSteps))),
    level: Uint8Array.from({ length: gammaSteps + 1 }, (_, i) => Math.round(255 * toGamma(i / gammaSteps))),
  })
}

function toLinear(v: number): number {
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4
}

function toGamma(v: number): number {
  return v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055
}

function labRoot(t: number): number {
  return t < 0.008856 ? 7.787 * t + 16 / 116 : Math.cbrt(t)
}

/** The inverse of `labRoot`. */
function cubed(f: number): number {
  return f > 0.206893 ? f * f * f : (f - 16 / 116) / 7.787
}

/** @param image [H, W, 3], RGB → the same of L, a, b */
export function rgbToLab(image: Uint8Array): Uint8Array {
  const { light, root } = tables()
  const [[xr, xg, xb], [yr, yg, yb], [zr, zg, zb]] = toXyz
  const shift = Math.floor((16 * 255 * rootOne + 50) / 100) - rootOne / 2
  const middle = 128 * rootOne + rootOne / 2
  const output = new Uint8ClampedArray(image.length)
  for (let i = 0; i < image.length; i += 3) {
    const r = light[image[i]]
    const g = light[image[i + 1]]
    const b = light[image[i + 2]]
    const x = root[(xr * r + xg * g + xb * b + 2048) >> 12]
    const y = root[(yr * r + yg * g + yb * b + 2048) >> 12]
    const z = root[(zr * r + zg * g + zb * b + 2048) >> 12]
    output[i] = (296 * y - shift) >> rootBits
    output[i + 1] = (500 * (x - y) + middle) >> rootBits
    output[i + 2] = (200 * (y - z) + middle) >> rootBits
  }
  return new Uint8Array(output.buffer)
}

/** @param lab [H, W, 3] of L, a, b → RGB */
export function labToRgb(lab: Uint8Array): Uint8Array {
  const { level } = tables()
  const output = new Uint8Array(lab.length)
  for (let i = 0; i < lab.length; i += 3) {
    const fy = (lab[i] / 2.55 + 16) / 116
    const x = xWhite * cubed(fy + (lab[i + 1] - 128) / 500)
    const y = cubed(fy)
    const z = zWhite * cubed(fy - (lab[i + 2] - 128) / 200)
    output[i] = level[step(3.240479 * x - 1.53715 * y - 0.498535 * z)]!
    output[i + 1] = level[step(-0.969256 * x + 1.875991 * y + 0.041556 * z)]!
    output[i + 2] = level[step(0.055648 * x - 0.204043 * y + 1.057311 * z)]!
  }
  return output
}

function step(light: number): number {
  return light <= 0 ? 0 : light >= 1 ? gammaSteps : (light * gammaSteps + 0.5) | 0
}

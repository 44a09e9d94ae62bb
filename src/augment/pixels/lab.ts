import { throughKernel } from '../kernels/throughKernel.ts'

// CIE Lab over sRGB and D65 in 8 bits: L · 255/100, a + 128, b + 128. Forward in the fixed point of OpenCV (RGB2Lab_b),
// because an equalisation would make much of a level's difference; back in double.

const [xWhite, zWhite] = [0.950456, 1.088754]
/** Linear light 0 … 1 is 0 … 2040. */
const lightSteps = 255 * 8
const rootBits = 15
const rootOne = 2 ** rootBits
const gammaSteps = 4_096

/** Rows of sRGB → XYZ over the white point, in 12 bits. */
const toXyz = Int32Array.from(
  [
    [0.412453 / xWhite, 0.35758 / xWhite, 0.180423 / xWhite],
    [0.212671, 0.71516, 0.072169],
    [0.019334 / zWhite, 0.119193 / zWhite, 0.950227 / zWhite],
  ].flat(),
  (weight) => Math.round(4096 * weight),
)

interface Tables {
  /** sRGB level → linear light */
  readonly light: Int32Array
  /** linear light → f of Lab */
  readonly root: Int32Array
  /** f(Y) by L, f(X) − f(Y) by a and f(Y) − f(Z) by b, each of 256 levels */
  readonly roots: Float64Array
  /** linear light in `gammaSteps` → sRGB level */
  readonly level: Uint8Array
}

const levels = Array.from({ length: 256 }, (_, v) => v)

let made: Tables | undefined

function tables(): Tables {
  return (made ??= {
    light: Int32Array.from({ length: 256 }, (_, v) => Math.round(lightSteps * toLinear(v / 255))),
    // Coefficients are rounded: white may come out a little above 1.
    root: Int32Array.from({ length: lightSteps + 64 }, (_, i) => Math.round(rootOne * labRoot(i / lightSteps))),
    roots: Float64Array.from([
      ...levels.map((v) => (v / 2.55 + 16) / 116),
      ...levels.map((v) => (v - 128) / 500),
      ...levels.map((v) => (v - 128) / 200),
    ]),
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

/** @param image [H, W, 3], RGB → the same of L, a, b */
export function rgbToLab(image: Uint8Array): Uint8Array {
  const { light, root } = tables()
  const numbers = [...toXyz, ...light, ...root]
  return throughKernel(image, numbers.length * 4, ({ run, buffer, from, to, extra }) => {
    new Int32Array(buffer, extra, numbers.length).set(numbers)
    const lightAt = extra + toXyz.byteLength
    run.rgbToLab(from, to, image.length / 3, extra, lightAt, lightAt + light.byteLength)
  })
}

/** @param lab [H, W, 3] of L, a, b → RGB */
export function labToRgb(lab: Uint8Array): Uint8Array {
  const { level, roots } = tables()
  return throughKernel(lab, roots.byteLength + level.length, ({ run, buffer, from, to, extra }) => {
    new Float64Array(buffer, extra, roots.length).set(roots)
    new Uint8Array(buffer, extra + roots.byteLength, level.length).set(level)
    run.labToRgb(from, to, lab.length / 3, extra, extra + roots.byteLength)
  })
}

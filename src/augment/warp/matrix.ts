import type { Size } from '../sample.ts'

/** A 3×3 matrix by rows; takes homogeneous points (x, y, 1) in pixels, whose centres lie at whole numbers. */
export type Matrix = readonly [
  number, number, number,
  number, number, number,
  number, number, number,
] // prettier-ignore

export function multiply(a: Matrix, b: Matrix): Matrix {
  const product = (row: number, column: number): number =>
    a[row * 3] * b[column] + a[row * 3 + 1] * b[column + 3] + a[row * 3 + 2] * b[column + 6]
  return [
    product(0, 0), product(0, 1), product(0, 2),
    product(1, 0), product(1, 1), product(1, 2),
    product(2, 0), product(2, 1), product(2, 2),
  ] // prettier-ignore
}

/** By cofactors; infinite where there is none. */
export function invert([a, b, c, d, e, f, g, h, i]: Matrix): Matrix {
  const [A, B, C] = [e * i - f * h, f * g - d * i, d * h - e * g]
  const factor = 1 / (a * A + b * B + c * C)
  return [
    A * factor, (c * h - b * i) * factor, (b * f - c * e) * factor,
    B * factor, (a * i - c * g) * factor, (c * d - a * f) * factor,
    C * factor, (b * g - a * h) * factor, (a * e - b * d) * factor,
  ] // prettier-ignore
}

export function translation(x: number, y: number): Matrix {
  return [1, 0, x, 0, 1, y, 0, 0, 1]
}

export function scaling(x: number, y: number): Matrix {
  return [x, 0, 0, 0, y, 0, 0, 0, 1]
}

/** Counter-clockwise on the screen, where y points down. */
export function rotation(degrees: number): Matrix {
  const angle = radians(degrees)
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  return [cos, sin, 0, -sin, cos, 0, 0, 0, 1]
}

export function shearing(degreesX: number, degreesY: number): Matrix {
  return [1, Math.tan(radians(degreesX)), 0, Math.tan(radians(degreesY)), 1, 0, 0, 0, 1]
}

/** Where an image turns about: the middle of the square of its pixel centres. */
export function centerOf({ height, width }: Size): { readonly x: number; readonly y: number } {
  return { x: width / 2 - 0.5, y: height / 2 - 0.5 }
}

export interface AffineParts {
  /** Pixels. */
  readonly translate: { readonly x: number; readonly y: number }
  /** Degrees. */
  readonly shear: { readonly x: number; readonly y: number }
  readonly scale: { readonly x: number; readonly y: number }
  /** Degrees, counter-clockwise. */
  readonly rotate: number
}

/** Source to output about the centre: T(c) · translate · shear · rotate · scale · T(−c) (Albumentations 1.4). */
export function affineMatrix({ translate, shear, scale, rotate }: AffineParts, size: Size): Matrix {
  const center = centerOf(size)
  return [
    translation(translate.x, translate.y),
    shearing(shear.x, shear.y),
    rotation(rotate),
    scaling(scale.x, scale.y),
    translation(-center.x, -center.y),
  ].reduce(multiply, translation(center.x, center.y))
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180
}

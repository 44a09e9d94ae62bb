import { invert, multiply, scaling, type Matrix } from './matrix.ts'
import type { Size } from '../sample.ts'

type Point = readonly [x: number, y: number]

/** Corners in pixels, clockwise from the upper left. */
export type Quadrangle = readonly [Point, Point, Point, Point]

/** The perspective that takes the corners to those of an image, (0, 0) … (width, height) (OpenCV getPerspectiveTransform). */
export function quadrangleToImage(corners: Quadrangle, { height, width }: Size): Matrix {
  return multiply(scaling(width, height), invert(squareToQuadrangle(corners)))
}

/** From the unit square (Heckbert, Fundamentals of Texture Mapping and Image Warping, 1989, section 2.2.3). */
function squareToQuadrangle([[x0, y0], [x1, y1], [x2, y2], [x3, y3]]: Quadrangle): Matrix {
  const [dx1, dx2, dx3] = [x1 - x2, x3 - x2, x0 - x1 + x2 - x3]
  const [dy1, dy2, dy3] = [y1 - y2, y3 - y2, y0 - y1 + y2 - y3]
  const determinant = dx1 * dy2 - dx2 * dy1
  const g = (dx3 * dy2 - dx2 * dy3) / determinant
  const h = (dx1 * dy3 - dx3 * dy1) / determinant
  return [x1 - x0 + g * x1, x3 - x0 + h * x3, x0, y1 - y0 + g * y1, y3 - y0 + h * y3, y0, g, h, 1]
}

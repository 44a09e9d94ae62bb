import { expect, it } from 'vitest'
import { safeRotation } from '../../src/augment/geometry/safeRotate.ts'
import { largestUprightBox } from '../../src/augment/warp/largestUprightBox.ts'
import { lensMap } from '../../src/augment/warp/lensMap.ts'
import { quadrangleToImage } from '../../src/augment/warp/quadrangle.ts'

// Numbers of Albumentations 1.4.24 that the fixtures have none of.
const size = { height: 60, width: 90 }

function expectMatrix(matrix: readonly number[], wanted: readonly number[], digits: number): void {
  expect(matrix).toHaveLength(9)
  matrix.forEach((value, i) => {
    expect(value / matrix[8]).toBeCloseTo(wanted[i], digits)
  })
}

it('SafeRotate turns by the same matrix', () => {
  const wanted = [0.728432582622425, 0.42056074766355134, 0.1782080172273199, -0.3125, 0.5412658773652742, 27.938906617724406, 0, 0, 1] // prettier-ignore
  expectMatrix(safeRotation(size, 30), wanted, 12)
})

it('Rotate with crop_border keeps the same box', () => {
  expect(largestUprightBox(size, 25)).toEqual({ left: 9, top: 13, width: 71, height: 33 })
  expect(largestUprightBox(size, 50)).toEqual({ left: 25, top: 6, width: 39, height: 47 })
})

it('Perspective spreads a quadrangle over the image by the same matrix', () => {
  const wanted = [1.2561712252657402, -0.08018114203823873, -6.040312700213986, -0.052636217833481255, 1.315905445837033, -3.6845352483436913, 0.0005156547956962138, 0.00048071099963530836, 1] // prettier-ignore
  const matrix = quadrangleToImage(
    [
      [5, 3],
      [80, 6],
      [85, 55],
      [8, 50],
    ],
    size,
  )
  expectMatrix(matrix, wanted, 9)
})

it('OpticalDistortion as a fisheye reads at the same place', () => {
  const [xs, ys] = [new Float64Array(90), new Float64Array(90)]
  const map = lensMap(size, 0.3, 'fisheye')
  if ('row' in map) map.row(3, xs, ys)
  expect(xs[5]).toBeCloseTo(-3.9353828, 5)
  expect(ys[5]).toBeCloseTo(-2.9946213, 5)
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeSafetensors } from '../../src/core/safetensors.ts'
import {
  addTurnedBack,
  addViewBack,
  testTimeSets,
  turnedSize,
  turnPlanes,
  viewPlanes,
  viewSize,
  viewsOf,
} from '../../src/augment/testTime.ts'
import type { Size } from '../../src/augment/sample.ts'
import { describeWithFixtures } from '../shared.ts'

const symmetries = testTimeSets.d4
const size = { height: 3, width: 5 }

describe('symmetries', () => {
  it('are eight different ones, each undone on rows of classes', () => {
    const planes = Float32Array.from({ length: 2 * 15 }, (_, index) => index)
    const rows = Float32Array.from({ length: 2 * 15 }, (_, index) => planes[(index % 2) * 15 + (index >> 1)])
    const views = symmetries.map((symmetry) => {
      const turned = turnPlanes(planes, size, symmetry)
      const asRows = Float32Array.from({ length: 2 * 15 }, (_, index) => turned[(index % 2) * 15 + (index >> 1)])
      const back = new Float32Array(rows.length)
      addTurnedBack(back, asRows, size, symmetry)
      expect([...back]).toEqual([...rows])
      return [turnedSize(size, symmetry).height, ...turned].join()
    })
    expect(new Set(views).size).toBe(8)
  })
})

/** Softmax [H·W, C] of a 3×3 convolution with padding 1 over [3, H, W]. */
function predict(planes: Float32Array, { height, width }: Size, weight: Float32Array, bias: Float32Array) {
  const classes = bias.length
  const rows = new Float32Array(height * width * classes)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const logits = Array.from(bias, (start, o) => {
        let sum = start
        for (let c = 0; c < 3; c++)
          for (let ky = -1; ky <= 1; ky++)
            for (let kx = -1; kx <= 1; kx++) {
              const [row, column] = [y + ky, x + kx]
              if (row < 0 || column < 0 || row >= height || column >= width) continue
              sum += weight[((o * 3 + c) * 3 + ky + 1) * 3 + kx + 1] * planes[(c * height + row) * width + column]
            }
        return sum
      })
      const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0)
      logits.forEach((logit, c) => (rows[(y * width + x) * classes + c] = Math.exp(logit) / total))
    }
  return rows
}

/** [N, 3, H, W] up to a column. */
function columns(data: Float32Array, [N, C, H, W]: readonly number[], kept: number): Float32Array {
  return data.filter((_, index) => index % W < kept).subarray(0, N * C * H * kept)
}

describeWithFixtures('test-time augmentation as in PyTorch', 'ensemble', (folder) => {
  const { tensors } = decodeSafetensors(readFileSync(join(folder, 'tensors.safetensors')))
  const { tolerance } = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')) as { readonly tolerance: string }
  const values = (name: string): Float32Array => tensors.get(`tta/${name}`)!.data as Float32Array
  const shape = tensors.get('tta/image')!.shape

  it.each([
    ['none', [1], 'none', shape[3]],
    ['hflip', [1], 'none+h', shape[3]],
    ['hvflip', [1], 'none+h+v+hv', shape[3]],
    ['d4', [1], 'd4_on_first_16_columns', shape[2]],
    ['none', [0.75, 1, 1.25], 'scales_0.75_1_1.25', shape[3]],
  ] as const)('%s at %j', (set, scales, name, width) => {
    const [N, , height] = shape
    const classes = values('bias').length
    const image = columns(values('image'), shape, width)
    const area = height * width
    const views = viewsOf(set, scales)
    for (let n = 0; n < N; n++) {
      const planes = image.subarray(3 * n * area, 3 * (n + 1) * area)
      const mean = new Float32Array(area * classes)
      for (const view of views) {
        const seen = viewPlanes(planes, { height, width }, view)
        const rows = predict(seen, viewSize({ height, width }, view), values('weight'), values('bias'))
        addViewBack(mean, rows, { height, width }, view)
      }
      const expected = values(name).subarray(n * classes * area, (n + 1) * classes * area)
      for (let pixel = 0; pixel < area; pixel++) {
        const scores = Array.from({ length: classes }, (_, c) => mean[pixel * classes + c] / views.length)
        const reference = Array.from({ length: classes }, (_, c) => expected[c * area + pixel])
        scores.forEach((score, c) => {
          expect(Math.abs(score - reference[c])).toBeLessThan(Number.parseFloat(tolerance))
        })
        expect(scores.indexOf(Math.max(...scores))).toBe(reference.indexOf(Math.max(...reference)))
      }
    }
  })
})

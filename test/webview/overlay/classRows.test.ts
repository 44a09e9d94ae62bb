import { describe, expect, it } from 'vitest'
import { classRows, wrongShare } from '../../../webview/overlay/model/classRows.ts'
import { labelAt } from '../../../webview/overlay/model/pixelLabels.ts'
import { testRun } from './overlayRuns.ts'

const run = testRun()
const image = run.images.find(({ name }) => name === 'image2.png')!

describe('the classes of an image', () => {
  it('have their pixels in truth and prediction, and their scores in image and fold', () => {
    const [background, disc, square] = classRows(run.classes, image, run.fold, ['disc'])
    // 16 rows without the first: 8 columns of discs, 4 columns of squares taken for discs.
    expect(disc).toMatchObject({ truthPixels: 120, predictedPixels: 180, tp: 120, fp: 60, fn: 0, isShown: false })
    expect(square).toMatchObject({ truthPixels: 120, predictedPixels: 60, tp: 60, fp: 0, fn: 60, isShown: true })
    expect(disc.imageIoU).toBeCloseTo(120 / 180)
    expect(background.imageIoU).toBe(1)
    // Three images: none, 60 and 120 of the pixels of squares are missed.
    expect(square.foldIoU).toBeCloseTo((120 + 60) / 360)
  })

  it('say how much is wrong', () => {
    expect(wrongShare(image)).toBeCloseTo(60 / 256)
    expect(wrongShare({ ...image, tp: [], fp: [], fn: [] })).toBeNull()
  })
})

describe('the label of a pixel', () => {
  const map = { width: 2, height: 2, labels: Uint8Array.of(0, 1, 255, 9) }

  it('is a class, ignored, or of no class', () => {
    expect(labelAt(map, { x: 1, y: 0 }, 2)).toEqual({ class: 1 })
    expect(labelAt(map, { x: 0, y: 1 }, 2)).toBe('ignored')
    expect(labelAt(map, { x: 1, y: 1 }, 2)).toBe('unknown')
  })
})

import { decode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { resizeSample } from '../../src/augment/resizeSample.ts'
import { encodePhotograph, jpegWithin, labelsPng, labelsPngWithin } from '../../src/data/encodePicture.ts'
import { resizeLabels } from '../../src/data/resizeLabels.ts'
import { shrinkImage, sizeWithin } from '../../src/data/shrink.ts'
import { sideBySide, tintClasses, tintErrors } from '../../src/data/tint.ts'

const colors = [[0, 0, 0], [0, 0, 200]] as const // prettier-ignore
const gray = (height: number, width: number, value = 100) => ({
  image: new Uint8Array(height * width * 3).fill(value),
  height,
  width,
})

describe('resizeLabels', () => {
  it('takes the pixels that training takes', () => {
    const from = { height: 7, width: 5 }
    const labels = Uint8Array.from({ length: 35 }, (_, i) => i)
    for (const to of [{ height: 3, width: 11 }, { height: 14, width: 2 }, from]) {
      const { mask } = resizeSample({ image: new Uint8Array(105), mask: labels, ...from }, to)
      expect([...resizeLabels(labels, from, to)]).toEqual([...mask])
    }
  })
})

describe('shrinkImage', () => {
  it('keeps the proportions, never enlarges and never loses a side', () => {
    expect(sizeWithin({ height: 300, width: 400 }, 100)).toEqual({ height: 75, width: 100 })
    expect(sizeWithin({ height: 3, width: 4 }, 100)).toEqual({ height: 3, width: 4 })
    expect(sizeWithin({ height: 1, width: 4000 }, 10)).toEqual({ height: 1, width: 10 })
  })

  it('keeps a plain colour', async () => {
    const { image, height, width } = await shrinkImage(gray(40, 20, 77), { height: 10, width: 5 })
    expect([height, width, image.length]).toEqual([10, 5, 150])
    expect(image.every((value) => value === 77)).toBe(true)
  })
})

describe('tints', () => {
  it('show classes but the first, and leave ignored pixels bare', () => {
    const { image } = tintClasses(gray(1, 3), Uint8Array.of(0, 1, 255), colors)
    expect([...image.subarray(0, 3)]).toEqual([100, 100, 100])
    expect(image[5]).toBeGreaterThan(image[3])
    expect([...image.subarray(6)]).toEqual([100, 100, 100])
  })

  it('show errors in red on grey, ignored pixels black', () => {
    const { image } = tintErrors(gray(1, 3), Uint8Array.of(0, 1, 255), Uint8Array.of(0, 0, 0))
    expect([...image.subarray(0, 3)]).toEqual([100, 100, 100])
    expect(image[3]).toBeGreaterThan(image[4] + 50)
    expect([...image.subarray(6)]).toEqual([0, 0, 0])
  })

  it('stand side by side with a white gap', () => {
    const { image, height, width } = sideBySide(gray(2, 1, 10), gray(2, 1, 20), 1)
    expect([height, width]).toEqual([2, 3])
    const row = [10, 10, 10, 255, 255, 255, 20, 20, 20]
    expect([...image]).toEqual([...row, ...row])
  })
})

describe('encoded pictures', () => {
  const side = 300
  const noise = Uint8Array.from({ length: side * side * 3 }, (_, i) => Math.imul(i + 1, 2654435761) >>> 24)
  const picture = { image: noise, height: side, width: side }

  it('are made smaller until they fit', async () => {
    expect((await jpegWithin(picture, 20_000)).bytes.length).toBeLessThanOrEqual(20_000)
    const labels = Uint8Array.from(noise.subarray(0, side * side), (value) => value % 2)
    const { bytes } = labelsPngWithin(labels, picture, colors, 2000)
    expect(bytes.length).toBeLessThanOrEqual(2000)
    expect(decode(bytes).width).toBeLessThan(side)
  })

  it('keep every value of a small photograph and of labels', async () => {
    const small = { image: noise.subarray(0, 12), height: 2, width: 2 }
    const { mimeType, bytes } = await encodePhotograph(small)
    expect(mimeType).toBe('image/png')
    expect([...decode(bytes).data]).toEqual([...small.image])
    expect((await encodePhotograph(picture)).mimeType).toBe('image/jpeg')
    const labels = decode(labelsPng(Uint8Array.of(0, 3, 255, 1), { height: 2, width: 2 }))
    expect(labels).toMatchObject({ channels: 1, depth: 8 })
    expect([...labels.data]).toEqual([0, 3, 255, 1])
  })
})

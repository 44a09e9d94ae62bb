import { decode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import type { Rgb } from '../../src/augment/normalize.ts'
import { classColors } from '../../src/data/classColors.ts'
import { overlayPng } from '../../src/data/overlay.ts'
import { palettePng } from '../../src/data/palettePng.ts'

describe('classColors', () => {
  it('uses the colours of the project and finds others for classes without one', () => {
    const colors = classColors(['#0a0b0c', undefined, undefined])
    expect(colors[0]).toEqual([10, 11, 12])
    expect(new Set(colors.map(String)).size).toBe(3)
  })

  it('tells 150 classes apart', () => {
    const colors = classColors(Array.from({ length: 150 }, () => undefined))
    expect(new Set(colors.map(String)).size).toBe(150)
    expect(colors.flat().every((v) => Number.isInteger(v) && v >= 0 && v <= 255)).toBe(true)
  })
})

describe('palettePng', () => {
  it('keeps the class numbers and shows the class colours', () => {
    const labels = Uint8Array.of(0, 1, 2, 255)
    const png = decode(palettePng(labels, { height: 2, width: 2 }, classColors(['#000000', '#ff0000', '#00ff00'])))
    expect([...png.data]).toEqual([...labels])
    expect(png.palette?.slice(0, 3).map((color) => color.slice(0, 3))).toEqual([[0, 0, 0], [255, 0, 0], [0, 255, 0]]) // prettier-ignore
  })
})

describe('overlayPng', () => {
  it('shows image, truth, prediction and errors side by side', () => {
    const colors: readonly Rgb[] = [[0, 0, 0], [0, 0, 200]] // prettier-ignore
    const image = new Uint8Array(6 * 3).fill(100)
    const { width, height, data } = decode(
      overlayPng({
        image,
        truth: Uint8Array.of(0, 1, 1, 255, 0, 0),
        prediction: Uint8Array.of(0, 1, 0, 0, 0, 0),
        colors,
        height: 2,
        width: 3,
      }),
    )
    const panel = (width - 3 * 4) / 4
    expect([panel, height]).toEqual([3, 2])
    const at = (index: number, x: number, y: number): number[] => [
      ...data.subarray((y * width + index * (panel + 4) + x) * 3).subarray(0, 3),
    ]
    expect(at(0, 1, 0)).toEqual([100, 100, 100])
    expect(at(1, 0, 0)).toEqual([100, 100, 100])
    expect(at(1, 1, 0)[2]).toBeGreaterThan(at(1, 1, 0)[0])
    expect(at(2, 2, 0)).toEqual([100, 100, 100])
    expect(at(3, 1, 0)).toEqual([100, 100, 100])
    expect(at(3, 2, 0)[0]).toBeGreaterThan(at(3, 2, 0)[1] + 50)
    expect(at(3, 0, 1)).toEqual([0, 0, 0])
  })
})

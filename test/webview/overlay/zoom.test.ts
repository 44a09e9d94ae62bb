import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { panned, pixelAt, placementOf, zoomed, type Frame, type Zoom } from '../../../webview/overlay/model/zoom.ts'

const frame: Frame = { pane: { width: 400, height: 300 }, picture: { width: 100, height: 100 } }

/** The point of the picture that lies at a point of the pane. */
function pictureAt(zoom: Zoom, x: number, y: number): readonly [number, number] {
  const { scale, left, top } = placementOf(zoom, frame)
  return [(x - left) / scale, (y - top) / scale]
}

describe('a picture in its pane', () => {
  it('fits: all of it is seen, in the middle', () => {
    expect(placementOf('fit', frame)).toEqual({ scale: 3, left: 50, top: 0 })
  })

  it('has no size while its pane has none', () => {
    expect(placementOf('fit', { ...frame, pane: { width: 0, height: 0 } }).scale).toBe(1)
  })

  it('keeps the point under the pointer where it is', () => {
    const inside = { x: fc.integer({ min: 150, max: 250 }), y: fc.integer({ min: 100, max: 200 }) }
    fc.assert(
      fc.property(fc.record(inside), fc.double({ min: 2, max: 8, noNaN: true }), (at, factor) => {
        const before = pictureAt('fit', at.x, at.y)
        const after = pictureAt(zoomed('fit', frame, factor, at), at.x, at.y)
        expect(after[0]).toBeCloseTo(before[0], 6)
        expect(after[1]).toBeCloseTo(before[1], 6)
      }),
    )
  })

  it('fits again when it is made smaller than that', () => {
    const large = zoomed('fit', frame, 2)
    expect(large).not.toBe('fit')
    expect(zoomed(large, frame, 0.4)).toBe('fit')
    expect(zoomed('fit', frame, 0.5)).toBe('fit')
  })

  it('grows to 64 times its size, no further', () => {
    expect(placementOf(zoomed('fit', frame, 1000), frame).scale).toBe(64)
  })

  it('never leaves a gap at an edge that it could fill', () => {
    const step = fc.record({ x: fc.integer({ min: -500, max: 500 }), y: fc.integer({ min: -500, max: 500 }) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), fc.double({ min: 1.01, max: 20, noNaN: true }), (steps, factor) => {
        let zoom = zoomed('fit', frame, factor)
        for (const by of steps) zoom = panned(zoom, frame, by)
        const { scale, left, top } = placementOf(zoom, frame)
        const [width, height] = [100 * scale, 100 * scale]
        if (width >= 400) expect([left <= 1e-6, left + width >= 400 - 1e-6]).toEqual([true, true])
        else expect(left).toBeCloseTo((400 - width) / 2, 6)
        if (height >= 300) expect([top <= 1e-6, top + height >= 300 - 1e-6]).toEqual([true, true])
      }),
    )
  })

  it('stays where it is when all of it is seen', () => {
    expect(panned('fit', frame, { x: 10, y: 10 })).toBe('fit')
  })

  it('tells the pixel under a point, and none beside the picture', () => {
    const placement = placementOf('fit', frame)
    expect(pixelAt({ x: 50, y: 0 }, placement, frame.picture)).toEqual({ x: 0, y: 0 })
    expect(pixelAt({ x: 349.9, y: 299.9 }, placement, frame.picture)).toEqual({ x: 99, y: 99 })
    expect(pixelAt({ x: 49, y: 10 }, placement, frame.picture)).toBeUndefined()
    expect(pixelAt({ x: 350, y: 10 }, placement, frame.picture)).toBeUndefined()
  })
})

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Redraws } from '../../../webview/curves/redraws.ts'

const frameMilliseconds = 1000 / 60

let now: number
let callbacks: FrameRequestCallback[]

beforeEach(() => {
  now = 0
  callbacks = []
  vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback) => callbacks.push(callback))
})

afterEach(() => {
  vi.unstubAllGlobals()
})

/** A screen on which drawing one part takes so long. */
function screen(cost: number, isCalm = false) {
  const drawn: { readonly part: string; readonly frame: number }[] = []
  const begins: number[] = []
  const redraws = new Redraws(
    ['a', 'b', 'c'],
    (part) => {
      drawn.push({ part, frame: begins.length - 1 })
      now += cost
    },
    () => isCalm,
  )
  /** The next frame comes on time, or as soon as the one before is done. */
  const nextFrame = (): void => {
    now = Math.max(now, (begins.at(-1) ?? 0) + frameMilliseconds)
    begins.push(now)
    for (const callback of callbacks.splice(0)) callback(begins.at(-1)!)
  }
  const frames = (milliseconds: number, onFrame: () => void = () => undefined): void => {
    for (const end = now + milliseconds; now < end;) {
      onFrame()
      nextFrame()
    }
  }
  return { redraws, drawn, begins, frames }
}

describe('drawing', () => {
  it('is done in the next frame for what a person did', () => {
    const { redraws, drawn, frames } = screen(1)
    redraws.now()
    redraws.now()
    frames(10)
    expect(drawn.map(({ part }) => part)).toEqual(['a', 'b', 'c'])
  })

  it('takes one part per frame while numbers stream, each in its turn', () => {
    const { redraws, drawn, frames } = screen(2)
    frames(1000, () => {
      redraws.stream()
    })
    expect(new Set(drawn.map(({ frame }) => frame)).size).toBe(drawn.length)
    const counts = ['a', 'b', 'c'].map((part) => drawn.filter((each) => each.part === part).length)
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
    expect(drawn.length).toBeGreaterThan(20)
  })

  it.each([5, 30, 60])('leaves 50 frames a second where one part takes %i ms', (cost) => {
    const { redraws, drawn, begins, frames } = screen(cost)
    frames(5000, () => {
      redraws.stream()
    })
    expect(begins.length / 5).toBeGreaterThanOrEqual(50)
    expect(drawn.length).toBeGreaterThan(5)
  })

  it('draws the last numbers when the stream ends, and then nothing', () => {
    const { redraws, drawn, frames } = screen(1)
    redraws.stream()
    frames(1000)
    expect(drawn.map(({ part }) => part).sort()).toEqual(['a', 'b', 'c'])
    expect(callbacks).toEqual([])
  })

  it('is calm for those who asked for less motion', () => {
    const { redraws, drawn, frames } = screen(1, true)
    frames(3000, () => {
      redraws.stream()
    })
    expect(drawn.filter(({ part }) => part === 'a').length).toBeLessThanOrEqual(4)
  })
})

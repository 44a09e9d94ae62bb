import { describe, expect, it } from 'vitest'
import { UserError } from '../../src/core/errors.ts'
import {
  initialLossScale,
  loadedLossScale,
  nextLossScale,
  storedLossScale,
  type LossScale,
} from '../../src/train/lossScale.ts'

/** The scale after steps of which these were finite. */
function after(finite: readonly boolean[], from: LossScale = initialLossScale): LossScale {
  return finite.reduce(nextLossScale, from)
}

const good = (count: number): readonly boolean[] => new Array<boolean>(count).fill(true)

// What torch.amp.GradScaler 2.14.1 does with its defaults (init_scale 65536, factors 2 and 0.5, interval 2000).
describe('the loss scale', () => {
  it('begins at 65536 and doubles with the 2000th good step in a row, not before', () => {
    expect(after(good(1999))).toEqual({ scale: 65536, goodSteps: 1999, skippedSteps: 0 })
    expect(after(good(2000))).toEqual({ scale: 131072, goodSteps: 0, skippedSteps: 0 })
    expect(after(good(4000)).scale).toBe(262144)
  })

  it('halves with every step that is not finite, counts it, and counts good steps anew', () => {
    expect(after([...good(1999), false])).toEqual({ scale: 32768, goodSteps: 0, skippedSteps: 1 })
    expect(after([false, false, true])).toEqual({ scale: 16384, goodSteps: 1, skippedSteps: 2 })
  })

  it('stays below what a float32 holds', () => {
    expect(after(good(1), { scale: 2 ** 127, goodSteps: 1999, skippedSteps: 0 })).toEqual({
      scale: 2 ** 127,
      goodSteps: 0,
      skippedSteps: 0,
    })
  })

  it('gives up with what to do where no scale helps', () => {
    const hopeless = (): LossScale => after(new Array<boolean>(40).fill(false))
    expect(hopeless).toThrow(UserError)
    expect(hopeless).toThrow(/stay infinite or NaN/)
  })

  it('comes back from a checkpoint as it was; zeros are a fresh one', () => {
    for (const scale of [initialLossScale, after([...good(2000), false, false, false, ...good(7)])])
      expect(loadedLossScale(storedLossScale(scale))).toEqual(scale)
    expect(loadedLossScale(new Float32Array(3))).toEqual(initialLossScale)
  })
})

import { describe, expect, it } from 'vitest'
import { earlyStop } from '../../src/core/earlyStopping.ts'
import { countsOf, scoresOf } from '../../src/core/metrics.ts'
import { isBetter, isMonitor, monitoredValue, monitorsOf } from '../../src/core/monitor.ts'

describe('a monitored score', () => {
  // Rows are the truth; the last class is neither there nor predicted.
  const scores = scoresOf(countsOf([5, 1, 0, 2, 8, 0, 0, 0, 0], 3))
  const monitored = { ...scores, loss: 0.7, classes: ['sky', 'road', 'sea'] }

  it('is one of all classes, of one class, or the loss', () => {
    const value = (name: string): number | null => monitoredValue(monitored, name)
    expect(value('mIoU')).toBe(scores.mIoU)
    expect(value('loss')).toBe(0.7)
    expect(value('IoU:sky')).toBe(5 / 8)
    monitored.classes.forEach((name, index) => {
      const dice = scores.perClassDice[index]
      if (dice === null) expect(value(`dice:${name}`)).toBeNull()
      else expect(value(`dice:${name}`)).toBeCloseTo(dice, 12)
    })
  })

  it('is called by a name of a form that can be checked', () => {
    expect(monitorsOf(['a']).every(isMonitor)).toBe(true)
    expect(['miou', 'IoU', 'accuracy', 'iou:sky'].some(isMonitor)).toBe(false)
  })

  it('is better when higher, a loss when lower, and never when it was not measured', () => {
    expect(isBetter('mIoU', 0.5, 0.4)).toBe(true)
    expect(isBetter('mIoU', 0.5, 0.5)).toBe(false)
    expect(isBetter('loss', 0.5, 0.4)).toBe(false)
    expect(isBetter('loss', 0.3, 0.4, 0.2)).toBe(false)
    expect(isBetter('IoU:sky', null, null)).toBe(false)
    expect(isBetter('IoU:sky', 0, null)).toBe(true)
  })
})

describe('early stopping', () => {
  const settings = { monitor: 'mIoU', patience: 2, min_delta: 0.1 }
  /** The epoch, from 1, after which training ends. */
  const end = (values: readonly (number | null)[], monitor = 'mIoU'): number | undefined => {
    const index = values.findIndex((_, last) => earlyStop(values.slice(0, last + 1), { ...settings, monitor }))
    return index < 0 ? undefined : index + 1
  }

  it('ends after patience epochs that improve by no more than min_delta', () => {
    expect(end([0.2, 0.5, 0.55, 0.58, 0.9])).toBe(4)
    expect(end([0.2, 0.5, 0.55, 0.7, 0.75, 0.9])).toBeUndefined()
    expect(end([2, 1, 0.95, 0.95], 'loss')).toBe(4)
  })

  it('counts from the best, not from the epoch before', () => {
    expect(end([0.9, 0.1, 0.3, 0.5])).toBe(3)
  })

  it('takes an epoch without a score as one that did not improve', () => {
    expect(end([null, 0.3, null, null])).toBe(4)
    expect(end([null, null])).toBe(2)
  })

  it('says what did not improve, and for how long', () => {
    expect(earlyStop([0.5, 0.5, 0.5], settings)).toBe(
      'Stopped early: mIoU of validation has not improved by more than 0.1 for 2 epochs (train.early_stopping).',
    )
  })
})

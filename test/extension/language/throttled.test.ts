import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Throttled } from '../../../src/extension/language/throttled.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

it('acts at once, then at most once per interval, and never forgets the last wish', () => {
  const action = vi.fn()
  const throttled = new Throttled(action, 1000)
  throttled.ask()
  expect(action).toHaveBeenCalledTimes(1)
  for (let index = 0; index < 10; index++) throttled.ask()
  expect(action).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(1000)
  expect(action).toHaveBeenCalledTimes(2)
  vi.advanceTimersByTime(5000)
  expect(action).toHaveBeenCalledTimes(2)
  throttled.ask()
  expect(action).toHaveBeenCalledTimes(3)
})

it('does nothing any more once it is disposed of', () => {
  const action = vi.fn()
  const throttled = new Throttled(action, 1000)
  throttled.ask()
  throttled.ask()
  throttled.dispose()
  vi.advanceTimersByTime(5000)
  expect(action).toHaveBeenCalledTimes(1)
})

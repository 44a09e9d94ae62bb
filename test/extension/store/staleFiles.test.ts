import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { StaleFiles } from '../../../src/extension/store/staleFiles.ts'

let floods: number
let stale: StaleFiles

beforeEach(() => {
  vi.useFakeTimers()
  floods = 0
  stale = new StaleFiles(() => {
    floods++
  })
})
afterEach(() => {
  stale.dispose()
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

function changeRuns(count: number): void {
  for (let index = 0; index < count; index++) stale.add({ type: 'run', name: `a.f${index}.s0` })
}

describe('files that changed on disk', () => {
  it('are kept by their kind until they are read', () => {
    expect(stale.isEmpty).toBe(true)
    stale.add({ type: 'experiment', name: 'a' })
    stale.add({ type: 'result', name: 'a.f0.s0' })
    stale.add({ type: 'run', name: 'a.f1.s0' })
    expect([stale.experiments, stale.results, stale.runs].map((names) => [...names])).toEqual([
      ['a'],
      ['a.f0.s0'],
      ['a.f1.s0'],
    ])
    for (const names of [stale.experiments, stale.results, stale.runs]) names.clear()
    expect(stale.isEmpty).toBe(true)
    stale.add({ type: 'folder' })
    expect(stale).toMatchObject({ isEmpty: false, isListStale: true })
  })

  it('make the list stale once a flood of them is over, and not before', () => {
    changeRuns(1000)
    vi.advanceTimersByTime(900)
    changeRuns(1000)
    vi.advanceTimersByTime(900)
    changeRuns(1000)
    vi.advanceTimersByTime(1100)
    expect([floods, stale.isListStale]).toEqual([0, false])
    vi.advanceTimersByTime(2000)
    expect([floods, stale.isListStale]).toEqual([1, true])
    vi.advanceTimersByTime(10_000)
    expect(floods).toBe(1)
  })

  it('are no flood where a few of them change all the time', () => {
    for (let tick = 0; tick < 500; tick++) {
      changeRuns(20)
      vi.advanceTimersByTime(50)
    }
    vi.advanceTimersByTime(10_000)
    expect([floods, stale.isListStale]).toEqual([0, false])
  })
})

import { describe, expect, it } from 'vitest'
import { byDay, daysAgo, historyOf } from '../../../src/extension/tree/history.ts'
import { runOf } from '../samples.ts'
import { result, storeOf } from './treeSamples.ts'

/** Local noon, so that the test's time zone does not matter. */
const noon = (day: number): number => new Date(2026, 0, day, 12).getTime()
const at = (run: string, time: number): ReturnType<typeof runOf> => ({
  ...runOf(run, 'finished'),
  created: new Date(time).toISOString(),
})

describe('the history', () => {
  it('has every run once, the newest first, and results of runs that are elsewhere', () => {
    const store = storeOf({
      runs: [at('a.f0.s0', noon(1)), at('a-debug.f0.s0', noon(3))],
      results: [
        result('a.f0.s0', 0.5),
        { ...result('b.f0.s0', 0.5), finished: new Date(noon(2)).toISOString(), durationMs: 60_000 },
      ],
    })
    const history = historyOf([store])
    expect(history.map(({ run }) => run)).toEqual(['a-debug.f0.s0', 'b.f0.s0', 'a.f0.s0'])
    expect(history[1].began).toBe(noon(2) - 60_000)
  })

  it('is grouped by the days of the calendar', () => {
    const store = storeOf({
      runs: [at('a.f0.s0', noon(1)), at('a.f1.s0', noon(2)), at('a.f2.s0', noon(2) + 3_600_000)],
    })
    const days = byDay(historyOf([store]))
    expect(days.map(({ entries }) => entries.map(({ run }) => run))).toEqual([['a.f2.s0', 'a.f1.s0'], ['a.f0.s0']])
    expect(days.map(({ midnight }) => daysAgo(midnight, noon(2)))).toEqual([0, 1])
  })

  it('tells yesterday from today shortly after midnight', () => {
    const midnight = new Date(2026, 2, 29).getTime()
    expect(daysAgo(midnight, new Date(2026, 2, 30, 0, 1).getTime())).toBe(1)
    expect(daysAgo(midnight, new Date(2026, 2, 29, 23, 59).getTime())).toBe(0)
  })
})

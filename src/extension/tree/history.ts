import type { RunResult } from '../../protocol/runFolder.ts'
import type { RunSummary } from '../../runs/runSummary.ts'

/** One run in the order of time. */
export interface HistoryEntry {
  readonly root: string
  readonly run: string
  /** When it began, milliseconds since 1970. */
  readonly began: number
}

interface Source {
  readonly workspace: { readonly root: string }
  readonly runs: ReadonlyMap<string, RunSummary>
  readonly results: ReadonlyMap<string, RunResult>
}

/** All runs of all projects, those of which only a result is here too; the newest first. */
export function historyOf(sources: readonly Source[]): readonly HistoryEntry[] {
  return sources
    .flatMap(({ workspace: { root }, runs, results }) => [
      ...Array.from(runs.values(), ({ name, created }) => ({ root, run: name, began: Date.parse(created) })),
      ...[...results.values()]
        .filter(({ run }) => !runs.has(run))
        .map(({ run, finished, durationMs }) => ({ root, run, began: Date.parse(finished) - durationMs })),
    ])
    .sort((a, b) => b.began - a.began || (a.run < b.run ? -1 : 1))
}

/** Runs that began on one day of the person's calendar. */
export interface HistoryDay {
  /** Midnight at its beginning, local time, milliseconds since 1970. */
  readonly midnight: number
  readonly entries: readonly HistoryEntry[]
}

/** Entries, the newest first, by day. */
export function byDay(entries: readonly HistoryEntry[]): readonly HistoryDay[] {
  const days = new Map<number, HistoryEntry[]>()
  for (const entry of entries) {
    const midnight = midnightOf(entry.began)
    const day = days.get(midnight)
    if (day === undefined) days.set(midnight, [entry])
    else day.push(entry)
  }
  return Array.from(days, ([midnight, own]) => ({ midnight, entries: own }))
}

/** How many days ago a day was: 0 today, 1 yesterday. */
export function daysAgo(midnight: number, now: number): number {
  // A day of the change to summer time has 23 hours.
  return Math.round((midnightOf(now) - midnight) / 86_400_000)
}

function midnightOf(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0)
}

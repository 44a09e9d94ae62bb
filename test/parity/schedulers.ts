import { schedulers } from '../../src/core/schedulers/registry.ts'
import { readJson } from './fixtureFiles.ts'
import { attempt, compared, notImplemented, worst, type ParityRow } from './row.ts'
import { readTolerance } from './tolerance.ts'

interface SchedulerCase {
  readonly scheduler: string
  readonly base_lr: number
  readonly arguments: Readonly<Record<string, unknown>>
  readonly lr: readonly number[]
  /** What validation gave; not a number as text. */
  readonly metric?: readonly (number | string)[]
}

function missingScheduler({ scheduler, arguments: given }: SchedulerCase): string | undefined {
  if (!schedulers.names.includes(scheduler)) return `scheduler ${scheduler}`
  const { name: after } = (given['after'] ?? {}) as { readonly name?: string }
  if (after !== undefined && !schedulers.names.includes(after)) return `scheduler ${after}`
  const known = Object.keys(schedulers.get(scheduler).arguments.shape)
  const argument = Object.keys(given).find((key) => !known.includes(key))
  return argument && `argument ${argument}`
}

export async function* schedulerRows(folder: string): AsyncIterable<ParityRow> {
  const fixture = readJson(folder, 'cases.json') as { tolerance: string; cases: Record<string, SchedulerCase> }
  const { absolute, relative } = readTolerance(fixture.tolerance)
  for (const [name, one] of Object.entries(fixture.cases)) {
    const missing = missingScheduler(one)
    if (missing !== undefined) yield notImplemented(name, missing)
    else
      yield await attempt(name, () => {
        const method = schedulers.get(one.scheduler)
        const args = method.arguments.parse(one.arguments)
        const scores = (one.metric ?? []).map(Number).map((value) => ({ loss: value, metric: value }))
        const errors = one.lr.map((expected, t) => ({
          error: Math.abs(method.rate(one.base_lr, t, args, one.lr.length, scores.slice(0, t)) - expected),
          tolerance: absolute + relative * Math.abs(expected),
        }))
        return compared(name, { value: worst(errors) })
      })
  }
}

import { schedulers } from '../../src/core/schedulers/registry.ts'
import { readJson } from './fixtureFiles.ts'
import { attempt, compared, notImplemented, worst, type ParityRow } from './row.ts'
import { readTolerance } from './tolerance.ts'

interface SchedulerCase {
  readonly scheduler: string
  readonly base_lr: number
  readonly arguments: Readonly<Record<string, unknown>>
  readonly lr: readonly number[]
  readonly momentum?: readonly number[]
  /** What validation gave; not a number as text. */
  readonly metric?: readonly (number | string)[]
}

interface SchedulerFixture {
  readonly tolerance: string
  readonly cases: Readonly<Record<string, SchedulerCase>>
}

/** With torch's SequentialLR of a warm-up and a schedule as ours are written. */
export function readSchedulers(folder: string): SchedulerFixture {
  const { tolerance, cases } = readJson(folder, 'cases.json') as SchedulerFixture
  return {
    tolerance,
    cases: Object.fromEntries(Object.entries(cases).map(([name, one]) => [name, warmedUp(one)])),
  }
}

/** `LinearLR(start_factor=0.1, total_iters=5)`, then another. */
function warmedUp(one: SchedulerCase): SchedulerCase {
  if (one.scheduler !== 'SequentialLR') return one
  const { schedulers: texts, milestones } = one.arguments as {
    schedulers: readonly string[]
    milestones: readonly number[]
  }
  const [first, second] = texts.map((text) => {
    const [, name, list] = /^(\w+)\((.*)\)$/.exec(text)!
    return {
      name,
      args: Object.fromEntries(list.split(', ').map((each) => [each.split('=')[0], Number(each.split('=')[1])])),
    }
  })
  if (texts.length !== 2 || first.name !== 'LinearLR' || first.args['total_iters'] !== milestones[0]) return one
  return { ...one, scheduler: second.name, arguments: { ...second.args, warmup: { kind: 'linear', ...first.args } } }
}

export function missingScheduler({ scheduler, arguments: given }: SchedulerCase): string | undefined {
  if (!schedulers.names.includes(scheduler)) return `scheduler ${scheduler}`
  const { name: after } = (given['after'] ?? {}) as { readonly name?: string }
  if (after !== undefined && !schedulers.names.includes(after)) return `scheduler ${after}`
  const known = Object.keys(schedulers.get(scheduler).arguments.shape)
  const argument = Object.keys(given).find((key) => !known.includes(key))
  return argument && `argument ${argument}`
}

/** Rate and, where the case has one, momentum of every epoch. */
export function checkScheduler({ tolerance, cases }: SchedulerFixture, name: string): ParityRow {
  const { absolute, relative } = readTolerance(tolerance)
  const { scheduler, base_lr: base, arguments: given, lr, momentum = [], metric = [] } = cases[name]
  const method = schedulers.get(scheduler)
  const args = method.arguments.parse(given)
  const scores = metric.map(Number).map((value) => ({ loss: value, metric: value }))
  const measure = (actual: number | undefined, expected: number) => ({
    error: Math.abs((actual ?? NaN) - expected),
    tolerance: absolute + relative * Math.abs(expected),
  })
  const errors = [
    ...lr.map((expected, t) => measure(method.rate(base, t, args, lr.length, scores.slice(0, t)), expected)),
    ...momentum.map((expected, t) => measure(method.momentum?.(t, args, lr.length), expected)),
  ]
  return compared(name, { value: worst(errors) })
}

export async function* schedulerRows(folder: string): AsyncIterable<ParityRow> {
  const fixture = readSchedulers(folder)
  for (const [name, one] of Object.entries(fixture.cases)) {
    const missing = missingScheduler(one)
    if (missing !== undefined) yield notImplemented(name, missing)
    else yield await attempt(name, () => checkScheduler(fixture, name))
  }
}

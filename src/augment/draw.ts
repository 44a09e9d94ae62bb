import type { Random } from './transform.ts'

/** Least and greatest value. */
export type Range = readonly [low: number, high: number]

/** Albumentations' `to_tuple` of a limit: one number l means −l … l; the order of two does not matter. */
export function symmetricRange(limit: number | Range): Range {
  return typeof limit === 'number' ? ordered([-limit, limit]) : ordered(limit)
}

/** One number is that number itself; the order of two does not matter. */
export function fixedOrRange(value: number | Range): Range {
  return typeof value === 'number' ? [value, value] : ordered(value)
}

function ordered([a, b]: Range): Range {
  return a <= b ? [a, b] : [b, a]
}

/** Uniform in [low, high). */
export function uniform(random: Random, [low, high]: Range): number {
  return low + (high - low) * random.next()
}

/** Uniform whole number in low … high, both included. */
export function wholeNumber(random: Random, [low, high]: Range): number {
  return low + random.integer(high - low + 1)
}

/** One of the list, each equally likely. */
export function oneOfList<T>(random: Random, list: readonly T[]): T {
  return list[random.integer(list.length)]
}

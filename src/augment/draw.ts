import { aroundZero, type Range } from './ranges.ts'
import type { Random } from './transform.ts'

/** Albumentations' `to_tuple` of a limit: one number l means −l … l; the order of two does not matter. */
export function symmetricRange(limit: number | Range): Range {
  return ordered(aroundZero(limit))
}

/** One number is that number itself; the order of two does not matter. */
export function fixedOrRange(value: number | Range): Range {
  return typeof value === 'number' ? [value, value] : ordered(value)
}

function ordered([a, b]: Range): Range {
  return a <= b ? [a, b] : [b, a]
}

/** One of the list, each equally likely. */
export function oneOfList<T>(random: Random, list: readonly T[]): T {
  return list[random.integer(list.length)]
}

import * as z from 'zod'
import type { Random } from './transform.ts'

/** [lowest, highest] of what is drawn. */
export type Range = readonly [low: number, high: number]

/** Schema of a range, [low, high] or one number, whose meaning its description says. */
export function range(
  byDefault: number | [number, number],
  least: number,
  most: number,
): z.ZodDefault<z.ZodUnion<readonly [z.ZodNumber, z.ZodTuple<[z.ZodNumber, z.ZodNumber], null>]>> {
  const bound = z.number().min(least).max(most)
  return z.union([bound, z.tuple([bound, bound])]).default(byDefault)
}

/** Schema of a range that is always written as [low, high]. */
export function pair(
  byDefault: [number, number],
  least: number,
  most: number,
): z.ZodDefault<z.ZodTuple<[z.ZodNumber, z.ZodNumber], null>> {
  const bound = z.number().min(least).max(most)
  return z.tuple([bound, bound]).default(byDefault)
}

/** Schema of the side of a square kernel: odd numbers of pixels, [low, high] or `high` alone, which begins at 3. */
export function kernelSides(
  byDefault: number | [number, number],
): z.ZodDefault<z.ZodUnion<readonly [z.ZodNumber, z.ZodTuple<[z.ZodNumber, z.ZodNumber], null>]>> {
  const side = z.number().int().min(3).max(255)
  return z.union([side, z.tuple([side, side])]).default(byDefault)
}

/** A range written as one number: −limit … limit. */
export function aroundZero(limit: number | Range): Range {
  return typeof limit === 'number' ? [-limit, limit] : limit
}

/** A range written as one number: `low` … limit. */
export function upTo(limit: number | Range, low: number): Range {
  return typeof limit === 'number' ? [low, limit] : limit
}

export function drawFrom([low, high]: Range, random: Random): number {
  return low + (high - low) * random.next()
}

/** A whole number, both ends included. */
export function drawInteger([low, high]: Range, random: Random): number {
  return low + random.integer(high - low + 1)
}

/** One of the odd numbers of the range, each equally likely; a range without one gives the odd number after it. */
export function drawOdd([low, high]: Range, random: Random): number {
  const first = low | 1
  const count = Math.max(1, Math.floor((high - first) / 2) + 1)
  return first + 2 * random.integer(count)
}

import { sha256 } from '../sha256.ts'
import { encodeUtf8 } from '../utf8.ts'
import { compareCodePoints } from './groups.ts'
import type { Fold } from './method.ts'

/**
 * Digest (SHA-256, hexadecimal) of which image validates in which fold. It depends neither on the order of `names` nor on
 * the order inside a fold; results with different hashes must not be compared.
 * @param names name of image 0 … n − 1
 */
export function splitHash(names: readonly string[], folds: readonly Fold[]): string {
  const validatesIn = names.map((): number[] => [])
  for (const [fold, { validation }] of folds.entries()) for (const image of validation) validatesIn[image].push(fold)
  const lines = names
    .map((name, image) => ({ name, folds: validatesIn[image] }))
    .sort((a, b) => compareCodePoints(a.name, b.name))
  return sha256(
    encodeUtf8(JSON.stringify({ folds: folds.length, images: lines.map((line) => [line.name, line.folds]) })),
  )
}

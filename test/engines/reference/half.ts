import type { HalfType } from '../../../src/graph/tensor.ts'

/** Bits of the significand with the leading one, and the exponents of the smallest and the largest normal number. */
const formats: Readonly<Record<HalfType, { readonly bits: number; readonly least: number; readonly most: number }>> = {
  float16: { bits: 11, least: -14, most: 15 },
  bfloat16: { bits: 8, least: -126, most: 127 },
}

/** The nearest number of the format, ties to even, by the definition of IEEE 754: a multiple of the last place. */
export function roundToHalf(x: number, half: HalfType): number {
  if (x === 0 || !Number.isFinite(x)) return x
  const { bits, least, most } = formats[half]
  const exponent = Math.max(exponentOf(Math.abs(x)), least)
  const place = 2 ** (exponent - bits + 1)
  const rounded = roundHalfToEven(x / place) * place
  return Math.abs(rounded) >= 2 ** (most + 1) ? Math.sign(x) * Infinity : rounded
}

/** e with 2ᵉ ≤ x < 2ᵉ⁺¹; the logarithm alone is off by one next to powers of two. */
function exponentOf(x: number): number {
  const guess = Math.floor(Math.log2(x))
  if (2 ** guess > x) return guess - 1
  return 2 ** (guess + 1) <= x ? guess + 1 : guess
}

function roundHalfToEven(x: number): number {
  const below = Math.floor(x)
  if (x - below !== 0.5) return Math.round(x)
  return below % 2 === 0 ? below : below + 1
}

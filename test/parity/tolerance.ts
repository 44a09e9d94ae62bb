/** |ours − reference| ≤ absolute + relative · |reference|. */
export interface Tolerance {
  readonly absolute: number
  readonly relative: number
}

/** Reads "|v - ref| <= 1e-6 + 1e-5 |ref|" as the fixtures state it; without a second part the relative one is 0. */
export function readTolerance(text: string): Tolerance {
  const number = String.raw`\d[\d.]*(?:e[+-]?\d+)?`
  const match = new RegExp(`<= (${number})(?:[^+;]*\\+ (${number}))?`).exec(text)
  if (match === null) throw new Error(`unreadable tolerance: ${text}`)
  const [, absolute, relative = '0'] = match as unknown as readonly [string, string, string | undefined]
  return { absolute: Number(absolute), relative: Number(relative) }
}

/** An error and what it may be. */
export interface Measure {
  readonly error: number
  readonly tolerance: number
}

/** One reference compared with ours, or named as one that ours does not have. */
export interface ParityRow {
  readonly item: string
  readonly value?: Measure | undefined
  readonly gradient?: Measure | undefined
  readonly verdict: 'ok' | 'FAIL' | 'not implemented'
  /** Why it is not implemented, what went wrong, or where the worst error lies. */
  readonly note?: string | undefined
  /** Activations on another side of their kink than in float64, where they are why a gradient is beyond its tolerance. */
  readonly flipped?: number | undefined
}

type Details = Pick<ParityRow, 'value' | 'gradient' | 'note'>

/** NaN is never within a tolerance. */
function isWithin({ error, tolerance }: Measure): boolean {
  return error <= tolerance
}

export function compared(item: string, details: Details): ParityRow {
  const measures = [details.value, details.gradient].filter((measure) => measure !== undefined)
  return { item, ...details, verdict: measures.every(isWithin) ? 'ok' : 'FAIL' }
}

export function notImplemented(item: string, reason: string): ParityRow {
  return { item, verdict: 'not implemented', note: reason }
}

/** The row that `check` makes; an exception is a failure of this item, not the end of the table. */
export async function attempt(item: string, check: () => ParityRow | Promise<ParityRow>): Promise<ParityRow> {
  try {
    return await check()
  } catch (error) {
    return { item, verdict: 'FAIL', note: error instanceof Error ? error.message : String(error) }
  }
}

/** The one of many errors that comes closest to its tolerance or is farthest beyond it; NaN is beyond everything. */
export function worst(measures: Iterable<Measure>): Measure {
  const ratio = ({ error, tolerance }: Measure): number => (error === 0 ? 0 : error / tolerance)
  let found: Measure | undefined
  for (const measure of measures) if (found === undefined || !(ratio(measure) <= ratio(found))) found = measure
  if (found === undefined) throw new Error('nothing to compare')
  return found
}

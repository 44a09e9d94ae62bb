import type { Measure, ParityRow } from './row.ts'

const columns = { item: 62, number: 10, tolerance: 19 } as const

function numberText(value: number | undefined): string {
  if (value === undefined) return ''
  return value === 0 || !Number.isFinite(value) ? String(value) : value.toExponential(1)
}

function toleranceText(value: Measure | undefined, gradient: Measure | undefined): string {
  return [value, gradient].flatMap((measure) => (measure ? [numberText(measure.tolerance)] : [])).join(' / ')
}

function line(item: string, value: string, gradient: string, tolerance: string, verdict: string): string {
  const { item: width, number, tolerance: toleranceWidth } = columns
  return `${item.padEnd(width)} ${value.padStart(number)} ${gradient.padStart(number)}  ${tolerance.padEnd(toleranceWidth)} ${verdict}`
}

export function headerLine(section: string): string {
  return `\n${line(section, 'value err', 'grad. err', 'tolerance', 'verdict')}`
}

export function rowLine({ item, value, gradient, verdict, note }: ParityRow): string {
  return line(
    item,
    numberText(value?.error),
    numberText(gradient?.error),
    toleranceText(value, gradient),
    note === undefined ? verdict : `${verdict} (${note})`,
  )
}

/** One line of JSON; what is no finite number is written as text, as in the fixtures. */
export function rowJson(section: string, row: ParityRow): string {
  return JSON.stringify({ section, ...row }, (_, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  )
}

/** How many rows of each verdict there are. */
export class Tally {
  private readonly counts = { ok: 0, FAIL: 0, 'not implemented': 0 }
  private flipped = 0
  readonly failures: ParityRow[] = []

  count(row: ParityRow): void {
    this.counts[row.verdict]++
    if (row.flipped !== undefined) this.flipped++
    if (row.verdict === 'FAIL') this.failures.push(row)
  }

  get footnote(): string | undefined {
    if (this.flipped === 0) return undefined
    return 'flipped: so many inputs of ReLUs lie on the other side of a kink in float32 than in float64, which moves every gradient before them, whatever the implementation. "without" is the error with these inputs, and nothing else, pushed back to their side: it decides.'
  }

  get summary(): string {
    const { ok, FAIL: failed, 'not implemented': missing } = this.counts
    return `${ok} ok, ${failed} failed, ${missing} not implemented`
  }
}

import type { Measure, Row } from './benchKind.ts'
import { median, ratios } from './statistics.ts'

/** One line on a terminal. */
export function rowText(name: string, { measures, reference }: Row): string {
  return [
    name.padEnd(34),
    ...measures.map(measureText),
    reference === null ? 'nothing to compare with' : `(${reference})`,
  ].join('  ')
}

/** `step 482 ms (0.79, at best 0.78)`. */
function measureText(measure: Measure): string {
  const rounds = ratios(measure)
  const compared =
    rounds.length === 0 ? '' : ` (ratio ${ratioText(median(rounds))}, at best ${ratioText(Math.min(...rounds))})`
  return `${measure.name} ${valueText(median(measure.ours))} ${measure.unit}${compared}`
}

/** Three figures and no more. */
export function valueText(value: number): string {
  if (value >= 100) return value.toFixed(0)
  return value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

export function ratioText(value: number): string {
  return value.toFixed(2)
}

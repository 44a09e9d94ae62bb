import type { RangeStep } from '../../core/learningRateRange.ts'
import type { FoundRate } from '../../train/learningRateFinder.ts'
import { bar } from './bar.ts'
import { page } from './page.ts'
import { escaped, svgCurve } from './svgCurve.ts'
import { table } from './table.ts'

const barColumns = 36
/** Lines of a table: more than a screen nobody looks through. */
const mostRows = 25

/** The averaged loss over the rate, as bars; of many steps every n-th, and the last. */
export function rangeTable(range: readonly RangeStep[]): string {
  const every = Math.ceil(range.length / mostRows)
  const shown = range.filter((_, index) => index % every === 0 || index === range.length - 1)
  const finite = range.map(({ smoothed }) => smoothed).filter(Number.isFinite)
  const highest = Math.max(...finite, Number.MIN_VALUE)
  const rows = shown.map(({ lr, loss, smoothed }) => [
    lr.toExponential(2),
    lossText(loss),
    lossText(smoothed),
    Number.isFinite(smoothed) ? bar(Math.max(0, smoothed / highest), barColumns) : '',
  ])
  return table(['learning rate', 'loss', 'averaged', ''], rows)
}

/** @param own rate of the experiment */
export function suggestionText({ isDiverged, suggested, range }: FoundRate, own: number): string {
  const end = isDiverged ? `The loss diverged at rate ${range[range.length - 1].lr.toExponential(1)}. ` : ''
  if (suggested === undefined)
    return `${end}It fell nowhere: no rate can be suggested. Look at the experiment with "foldwise debug" first.`
  return `${end}It fell steepest at rate ${suggested.toExponential(1)}: start from that (the experiment has ${own}).`
}

/** @param title of the experiment */
export function rangePage(title: string, found: FoundRate, own: number): string {
  const { range, suggested } = found
  const mark = suggested === undefined ? undefined : { x: suggested, label: `steepest: ${suggested.toExponential(1)}` }
  const curve = svgCurve({
    points: range.map(({ lr, smoothed }) => [lr, smoothed]),
    title: suggestionText(found, own),
    xLabel: 'learning rate (logarithmic)',
    yLabel: 'loss, averaged',
    isLogX: true,
    mark,
  })
  return page(title, [
    curve,
    `<p>${escaped(suggestionText(found, own))}</p>`,
    `<pre>${escaped(rangeTable(range))}</pre>`,
  ])
}

function lossText(loss: number): string {
  return Number.isFinite(loss) ? loss.toFixed(4) : '–'
}

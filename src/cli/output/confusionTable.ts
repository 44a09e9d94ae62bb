import { table } from './table.ts'

/** More classes than this do not fit beside each other. */
const mostColumns = 10
const shownPairs = 10

/**
 * What the pixels of each class were taken for, in percent of its true pixels.
 * @param confusion pixels, rows = truth, columns = prediction
 */
export function confusionTable(confusion: readonly (readonly number[])[], classes: readonly string[]): string {
  const shares = confusion.map((row) => {
    const whole = row.reduce((sum, pixels) => sum + pixels, 0)
    return row.map((pixels) => (whole === 0 ? null : (100 * pixels) / whole))
  })
  if (classes.length > mostColumns) return largestConfusions(shares, classes)
  const rows = shares.map((row, index) => [classes[index], ...row.map(percentText)])
  return table(['truth \\ prediction, %', ...classes], rows)
}

/** The pairs of classes that most of the first are taken for the second. */
function largestConfusions(shares: readonly (readonly (number | null)[])[], classes: readonly string[]): string {
  const pairs = shares
    .flatMap((row, truth) => row.map((share, prediction) => ({ truth, prediction, share: share ?? 0 })))
    .filter(({ truth, prediction, share }) => truth !== prediction && share > 0)
    .toSorted((a, b) => b.share - a.share)
    .slice(0, shownPairs)
  const rows = pairs.map(({ truth, prediction, share }) => [classes[truth], classes[prediction], percentText(share)])
  return table(['truth', 'taken for', '% of its pixels'], rows)
}

function percentText(share: number | null): string {
  return share === null ? '–' : share.toFixed(1)
}

const width = 360
const height = 120
const margin = 6
/** Room for the numbers of the axis. */
const left = 50

/**
 * A small curve of losses as SVG, for a test's message, from zero: a loss that stays where it is shall look so. Values that
 * are not finite leave a gap.
 * @param losses one per step, in their order
 */
export function lossCurveSvg(losses: readonly (number | null)[]): string {
  const known = losses.filter((loss) => loss !== null)
  const [low, high] = [Math.min(0, ...known), Math.max(0, ...known)]
  const x = (step: number): number => left + (step / Math.max(1, losses.length - 1)) * (width - left - margin)
  const y = (loss: number): number => margin + ((high - loss) / Math.max(high - low, 1e-9)) * (height - 2 * margin)
  const words = losses.map((loss, step) => {
    if (loss === null) return ''
    const isStart = step === 0 || losses[step - 1] === null
    return `${isStart ? 'M' : 'L'}${x(step).toFixed(1)} ${y(loss).toFixed(1)}`
  })
  // Grey reads on light and dark; the message's own text says what it shows.
  const grey = '#888888'
  const number = (value: number, at: number): string =>
    `<text x="${left - 4}" y="${at}" text-anchor="end">${Number(value.toPrecision(3))}</text>`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">`,
    `<g font-family="sans-serif" font-size="11" fill="${grey}">`,
    `${number(high, margin + 8)}${number(low, height - margin)}</g>`,
    `<path d="M${left} ${margin}V${height - margin}H${width - margin}" fill="none" stroke="${grey}"/>`,
    `<path d="${words.join('')}" fill="none" stroke="#3794ff" stroke-width="2"/>`,
    '</svg>',
  ].join('')
}

/** The first list of numbers among the values of a check, by its key: the curve that shows its verdict. */
export function curveOf(
  values: Readonly<Record<string, unknown>>,
): { readonly key: string; readonly numbers: readonly (number | null)[] } | undefined {
  for (const [key, value] of Object.entries(values)) {
    const isCurve =
      Array.isArray(value) && value.length > 1 && value.every((each) => each === null || typeof each === 'number')
    if (isCurve) return { key, numbers: value as readonly (number | null)[] }
  }
  return undefined
}

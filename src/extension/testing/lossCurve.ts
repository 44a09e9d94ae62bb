const width = 360
const height = 120
const margin = 4

/**
 * A small curve of losses as SVG, for a test's message. Values that are not finite leave a gap.
 * @param losses one per step, in their order
 */
export function lossCurveSvg(losses: readonly (number | null)[]): string {
  const known = losses.filter((loss) => loss !== null)
  const [low, high] = [Math.min(...known), Math.max(...known)]
  const x = (step: number): number => margin + (step / Math.max(1, losses.length - 1)) * (width - 2 * margin)
  const y = (loss: number): number => margin + ((high - loss) / Math.max(high - low, 1e-9)) * (height - 2 * margin)
  const words = losses.map((loss, step) => {
    if (loss === null) return ''
    const isStart = step === 0 || losses[step - 1] === null
    return `${isStart ? 'M' : 'L'}${x(step).toFixed(1)} ${y(loss).toFixed(1)}`
  })
  // Grey reads on light and dark; the message's own text says what it shows.
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">`,
    `<path d="M${margin} ${margin}V${height - margin}H${width - margin}" fill="none" stroke="#888888"/>`,
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

/** Four significant digits; a dash where nothing was measured. */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return '–'
  const size = Math.abs(value)
  if (size !== 0 && (size < 0.001 || size >= 100_000)) return value.toExponential(2)
  return value.toFixed(size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 4)
}

/** Three decimals, as everywhere; a dash where nothing was measured. */
export function scoreText(value: number): string {
  return Number.isNaN(value) ? '–' : value.toFixed(3)
}

/** `0:42`, `12:05`, `3:12:05`. */
export function clockText(seconds: number): string {
  if (Number.isNaN(seconds)) return '–'
  const whole = Math.round(seconds)
  const two = (value: number): string => String(value).padStart(2, '0')
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes}:${two(whole % 60)}`
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`
}

/** `12`, `12.4`: an epoch and how much of the next one. */
export function epochText(epoch: number): string {
  if (Number.isNaN(epoch)) return '–'
  return Number.isInteger(epoch) ? String(epoch) : epoch.toFixed(1)
}

export function countText(count: number): string {
  return Number.isNaN(count) ? '–' : String(count)
}

/** Labels of a value axis, all with the decimals that its steps need. @param step from one label to the next; 0 on a logarithmic axis */
export function tickTexts(values: readonly (number | null)[], step: number): readonly string[] {
  const largest = values.reduce<number>((most, value) => Math.max(most, Math.abs(value ?? 0)), 0)
  return values.map((value) => {
    if (value === null) return ''
    if (value === 0) return '0'
    if (largest < 0.01 || largest >= 1_000_000) return trimmedExponential(value)
    return step > 0 ? value.toFixed(decimalsOf(step)) : String(Number(value.toPrecision(2)))
  })
}

/** 0.25 → 2 */
function decimalsOf(step: number): number {
  let decimals = 0
  while (decimals < 6 && Math.abs(step * 10 ** decimals - Math.round(step * 10 ** decimals)) > 1e-6) decimals++
  return decimals
}

/** `2e-4`, `1.5e-4` */
function trimmedExponential(value: number): string {
  return value.toExponential(2).replace(/\.?0+e/, 'e')
}

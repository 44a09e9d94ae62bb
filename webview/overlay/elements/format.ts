const numbers = new Intl.NumberFormat(document.documentElement.lang || undefined)

/** Three decimals; a dash where nothing was measured. */
export function scoreText(value: number | null): string {
  return value === null ? '–' : value.toFixed(3)
}

/** With the separators of the language. */
export function countText(value: number): string {
  return numbers.format(value)
}

/** `12.3 %`; a dash where there is nothing to have a share of. */
export function percentText(share: number | null): string {
  if (share === null) return '–'
  const percent = share * 100
  return `${percent.toFixed(percent < 10 ? 1 : 0)} %`
}

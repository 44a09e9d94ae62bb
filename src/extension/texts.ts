import * as vscode from 'vscode'

/** Three decimals; a dash where nothing was measured. */
export function scoreText(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : value.toFixed(3)
}

/** A difference of scores with its sign: `+0.012`, `−0.004`. */
export function differenceText(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`
}

/** `42 s`, `3 min`, `1 h 20 min`. */
export function durationText(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  if (seconds < 60) return vscode.l10n.t('{0} s', seconds)
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return vscode.l10n.t('{0} min', minutes)
  return vscode.l10n.t('{0} h {1} min', Math.floor(minutes / 60), minutes % 60)
}

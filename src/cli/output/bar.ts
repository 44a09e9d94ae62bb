/** Eighths of a column, from nothing up. */
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/**
 * A bar of block letters, to an eighth of a column.
 * @param share of the whole width, 0 … 1
 * @param width columns at a share of 1
 */
export function bar(share: number, width: number): string {
  const parts = Math.round(share * width * 8)
  return '█'.repeat(Math.floor(parts / 8)) + eighths[parts % 8]
}

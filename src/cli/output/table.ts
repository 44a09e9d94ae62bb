/** Letters that terminals draw two columns wide: Hangul, Kana, Han, full-width forms, most emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u

function columnsOf(text: string): number {
  // Combining marks are drawn over the letter before them.
  const letters = Array.from(text.normalize('NFC').replaceAll(/\p{Mn}/gu, ''))
  return letters.reduce((sum, letter) => sum + (wide.test(letter) ? 2 : 1), 0)
}

function isNumeric(cell: string): boolean {
  return /^[+−-]?\d/.test(cell) || cell === '–'
}

/** Rows of text under a header, aligned: columns in which every cell is a number or a dash to the right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, ...rows]
  const layout = header.map((_, column) => ({
    width: Math.max(...lines.map((cells) => columnsOf(cells[column]))),
    isRight: rows.length > 0 && rows.every((cells) => isNumeric(cells[column])),
  }))
  const padded = (cells: readonly string[]): string =>
    layout
      .map(({ width, isRight }, column) => {
        const space = ' '.repeat(width - columnsOf(cells[column]))
        return isRight ? space + cells[column] : cells[column] + space
      })
      .join('  ')
      .trimEnd()
  return lines.map(padded).join('\n')
}

/** What reading one file had to say about it. */
export interface FileWarnings {
  readonly file: string
  readonly warnings: readonly string[]
}

/** One line per sentence, however many files it is about: a data set of ten thousand masks has one habit, not ten thousand. */
export function summarizeWarnings(found: readonly FileWarnings[]): readonly string[] {
  const filesOf = new Map<string, string[]>()
  for (const { file, warnings } of found) {
    for (const warning of warnings) {
      const files = filesOf.get(warning)
      if (files === undefined) filesOf.set(warning, [file])
      else files.push(file)
    }
  }
  return Array.from(filesOf, ([warning, files]) => `${files[0]}${moreText(files.length - 1)}: ${warning}`)
}

function moreText(others: number): string {
  return others === 0 ? '' : ` and ${others} other ${others === 1 ? 'file' : 'files'}`
}

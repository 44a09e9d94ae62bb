import { UserError } from '../../core/errors.ts'

const shownFaults = 30

/** One error with all faults of a file of annotations. @throws UserError where there is any */
export function throwFaults(file: string, faults: readonly string[]): void {
  if (faults.length === 0) return
  const shown = faults.slice(0, shownFaults).map((fault) => `- ${fault}`)
  const more = faults.length > shownFaults ? [`- and ${faults.length - shownFaults} more`] : []
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`
  throw new UserError([`${count} in these annotations:`, ...shown, ...more].join('\n'), {
    file,
    hint: 'Mend or remove them, or export the annotations again.',
    code: 'bad-annotation',
  })
}

import { describeUserError, UserError } from '../core/errors.ts'
import { mapConcurrently } from './mapConcurrently.ts'

const shownFaults = 20

/**
 * Runs a check over many files and lists all faults at once: nobody wants to mend a thousand files one run at a time.
 * @throws UserError the only fault as it is, or one that describes them all; every other error at once
 */
export async function collectFaults<T, R>(
  items: readonly T[],
  limit: number,
  check: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const outcomes = await mapConcurrently(items, limit, async (item, index) => {
    try {
      return { result: await check(item, index) }
    } catch (error) {
      if (error instanceof UserError) return { fault: error }
      throw error
    }
  })
  const faults = outcomes.flatMap(({ fault }) => (fault === undefined ? [] : [fault]))
  if (faults.length === 1) throw faults[0]
  if (faults.length > 1) throw severalFaults(faults)
  return outcomes.flatMap((outcome) => ('result' in outcome ? [outcome.result as R] : []))
}

function severalFaults(faults: readonly UserError[]): UserError {
  const shown = faults.slice(0, shownFaults).map((fault) => `- ${describeUserError(fault)}`)
  const more = faults.length > shownFaults ? [`- and ${faults.length - shownFaults} more`] : []
  return new UserError([`${faults.length} files cannot be used:`, ...shown, ...more].join('\n'), {
    code: 'several-faults',
  })
}

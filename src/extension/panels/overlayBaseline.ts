import type { RunIdentity } from '../../protocol/runName.ts'

interface NamedRun {
  readonly name: string
  readonly identity: RunIdentity
}

/**
 * The baseline's runs that a run may be compared with, the best first: on the same fold, with the same seed before others,
 * the last attempt before earlier ones. Empty for a run of the baseline itself.
 */
export function baselineRuns(runs: Iterable<NamedRun>, shown: RunIdentity, baseline: string): readonly string[] {
  if (shown.experiment === baseline) return []
  const isOtherSeed = ({ identity }: NamedRun): number => Number(identity.seed !== shown.seed)
  return [...runs]
    .filter(({ identity }) => identity.experiment === baseline && identity.fold === shown.fold)
    .sort(
      (a, b) =>
        isOtherSeed(a) - isOtherSeed(b) || a.identity.seed - b.identity.seed || b.identity.attempt - a.identity.attempt,
    )
    .map(({ name }) => name)
}

import { debuggedExperiment, isExperimentName } from '../../protocol/runName.ts'

/** Why a new experiment cannot have a name. */
export type NameProblem = 'empty' | 'characters' | 'exists' | 'debug'

/** @param existing names of the project's experiments; capitals do not tell files apart on every system */
export function nameProblem(name: string, existing: readonly string[]): NameProblem | undefined {
  if (name === '') return 'empty'
  if (!isExperimentName(name)) return 'characters'
  if (existing.some((other) => other.toLowerCase() === name.toLowerCase())) return 'exists'
  // Its runs would be taken for debug runs of another experiment.
  return debuggedExperiment(name) === undefined ? undefined : 'debug'
}

import { UserError } from '../core/errors.ts'
import { experimentName } from '../core/experimentFile.ts'

/** What a run trains: an experiment on one fold with one seed. `attempt` counts repetitions from 1. */
export interface RunIdentity {
  readonly experiment: string
  readonly fold: number
  readonly seed: number
  readonly attempt: number
}

const runPattern = /^(.+)\.f(0|[1-9]\d*)\.s(0|[1-9]\d*)(?:\.([2-9]|[1-9]\d+))?$/u
const reservedOnWindows = /^(con|prn|aux|nul|com\d|lpt\d)$/i

/** `NAME.f<fold>.s<seed>`, and `.2`, `.3`… for repetitions. */
export function runName({ experiment, fold, seed, attempt }: RunIdentity): string {
  return `${experiment}.f${fold}.s${seed}${attempt === 1 ? '' : `.${attempt}`}`
}

/** The parts of a run's name; undefined if it is none. Inverse of `runName`. */
export function parseRunName(name: string): RunIdentity | undefined {
  const parts = runPattern.exec(name)
  if (parts === null) return undefined
  const [, experiment = '', fold, seed, attempt = '1'] = parts
  if (!isExperimentName(experiment)) return undefined
  return { experiment, fold: Number(fold), seed: Number(seed), attempt: Number(attempt) }
}

/** Whether a name is safe as a file name on every system: core's rule, and nothing that Windows reserves. */
export function isExperimentName(name: string): boolean {
  return experimentName.safeParse(name).success && !reservedOnWindows.test(name)
}

/** @throws UserError where `name` cannot name an experiment */
export function checkExperimentName(name: string): void {
  if (isExperimentName(name)) return
  throw new UserError('an experiment cannot have this name', {
    code: 'invalid-name',
    value: name,
    allowed: 'letters, digits, "_" and "-", up to 80 characters, no path and no device name of Windows',
    hint: 'Choose another name.',
  })
}

const debugEnding = '-debug'

/** What a debug run of an experiment calls its runs: they are scratch, and never results of the experiment. */
export function debugExperimentName(experiment: string): string {
  return `${experiment}${debugEnding}`
}

/** The experiment whose debug run this name belongs to; undefined for an ordinary one. */
export function debuggedExperiment(name: string): string | undefined {
  return name.endsWith(debugEnding) ? name.slice(0, -debugEnding.length) : undefined
}

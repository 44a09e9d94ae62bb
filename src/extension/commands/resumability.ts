import { debuggedExperiment } from '../../protocol/runName.ts'
import type { RunSummary } from '../../runs/runSummary.ts'

/** Whether a run can go on, and if not, why. */
export type Resumability = 'resumable' | 'running' | 'finished' | 'debug' | 'no-checkpoint'

export function resumabilityOf({ phase, identity, progress }: RunSummary): Resumability {
  if (phase === 'running' || phase === 'finished') return phase
  // Its images were a part of the fold, which its record does not name: it would go on with others.
  if (debuggedExperiment(identity.experiment) !== undefined) return 'debug'
  return progress.checkpoints.last === undefined ? 'no-checkpoint' : 'resumable'
}

import type { RunEvent } from '../../protocol/events.ts'
import type { RunSession } from '../../runs/runSession.ts'
import type { StateDict } from '../../model/stateDict.ts'
import { freshState, trainingLoop, type LoopOutcome } from '../loop.ts'
import { writePredictions } from '../predictions.ts'
import { loaderWorkers } from '../settings.ts'
import { Validation, validationPredictor } from '../validation.ts'
import type { Workbench } from './workbench.ts'

interface DebugTraining {
  readonly state: LoopOutcome['state']
  /** ‖w − w₀‖ / ‖w₀‖ over all that is trained. */
  readonly movement: number
}

/** Trains as a real run does: schedule, validation, checkpoints and predictions included. */
export async function* debugTraining(
  bench: Workbench,
  session: RunSession,
): AsyncGenerator<RunEvent, DebugTraining, void> {
  const { engine, plan, loader } = bench
  const { rules } = plan
  const trainer = await bench.freshTrainer()
  const predictor = validationPredictor(engine, plan)
  const validation = new Validation(plan, predictor, loaderWorkers())
  try {
    const initial = await trainer.save(0)
    const { state } = yield* trainingLoop({ plan, session, trainer, validation, loader, state: freshState(plan) })
    if (state === 'finished') {
      yield session.append({ type: 'phase', phase: 'predict' })
      await writePredictions(session, validation, rules)
    }
    const trained = trainer.network.declarations.flatMap(({ key, kind }) => (kind === 'parameter' ? [key] : []))
    return { state, movement: movement(trained, initial, await trainer.save(0)) }
  } finally {
    await validation.dispose()
    await predictor.dispose()
  }
}

function movement(keys: readonly string[], before: StateDict, after: StateDict): number {
  let [moved, norm] = [0, 0]
  for (const key of keys) {
    const [from, to] = [before.get(key)!.data as Float32Array, after.get(key)!.data as Float32Array]
    for (let index = 0; index < from.length; index++) {
      moved += (to[index] - from[index]) ** 2
      norm += from[index] ** 2
    }
  }
  return Math.sqrt(moved / norm)
}

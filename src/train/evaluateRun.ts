import type { Batch } from '../data/loader/batchLoader.ts'
import { RunFolder } from '../runs/runFolder.ts'
import { readProject } from '../runs/project.ts'
import type { Workspace } from '../runs/workspace.ts'
import { chooseEngine, type EngineRequest } from './engineChoice.ts'
import { weightsOf } from './foreignCheckpoint.ts'
import { planWith, type RunPlan } from './runPlan.ts'
import { configOf } from './runRecord.ts'
import { loaderWorkers } from './settings.ts'
import { Validation, validationPredictor, type ValidationResult } from './validation.ts'

export interface EvaluateRequest {
  readonly workspace: Workspace
  readonly run: string
  readonly engine: EngineRequest
  /** File of weights in place of the best checkpoint, of this program or another. */
  readonly checkpoint?: string | undefined
  /** Called after each batch. @param labels [count·H·W] class indices, valid during the call */
  readonly onBatch?: (batch: Batch, labels: Int32Array, plan: RunPlan) => Promise<void>
}

export interface Evaluation extends ValidationResult {
  readonly plan: RunPlan
}

/**
 * Scores the best checkpoint of a run on its validation images, anew; writes nothing.
 * @throws UserError where there is no such run or checkpoint
 */
export async function evaluateRun(request: EvaluateRequest): Promise<Evaluation> {
  const { workspace, run: name, engine, checkpoint, onBatch } = request
  const run = RunFolder.open(workspace, name)
  const record = run.readRecord()
  const { project } = readProject(workspace)
  const plan = await planWith(workspace, project, configOf(record), record)
  const weights = await weightsOf(run, plan.config.model, plan.rules.classes.count, checkpoint)
  const chosen = await chooseEngine(engine)
  const predictor = validationPredictor(chosen.engine, plan)
  const validation = new Validation(plan, predictor, loaderWorkers())
  try {
    const result = await validation.run(weights, async (batch, labels) => onBatch?.(batch, labels, plan))
    return { ...result, plan }
  } finally {
    await validation.dispose()
    await predictor.dispose()
  }
}

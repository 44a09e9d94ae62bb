import type { Batch } from '../data/loader/batchLoader.ts'
import { runFiles } from '../protocol/runFolder.ts'
import { RunFolder } from '../runs/runFolder.ts'
import { readProject } from '../runs/project.ts'
import type { Workspace } from '../runs/workspace.ts'
import { readWeights } from './checkpoint.ts'
import { chooseEngine, type EngineRequest } from './engineChoice.ts'
import { planWith, type RunPlan } from './runPlan.ts'
import { configOf } from './runRecord.ts'
import { loaderWorkers } from './settings.ts'
import { Validation, validationPredictor, type ValidationResult } from './validation.ts'

export interface EvaluateRequest {
  readonly workspace: Workspace
  readonly run: string
  readonly engine: EngineRequest
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
export async function evaluateRun({ workspace, run: name, engine, onBatch }: EvaluateRequest): Promise<Evaluation> {
  const run = RunFolder.open(workspace, name)
  const record = run.readRecord()
  const { project } = readProject(workspace)
  const plan = await planWith(workspace, project, configOf(record), record)
  const weights = await readWeights(run.file(runFiles.best))
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

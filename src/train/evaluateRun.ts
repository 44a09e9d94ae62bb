import type { BoundaryMetric } from '../core/boundaries/boundaryMetric.ts'
import type { Batch } from '../data/loader/batchLoader.ts'
import { RunFolder } from '../runs/runFolder.ts'
import { readProject } from '../runs/project.ts'
import type { Workspace } from '../runs/workspace.ts'
import { BoundaryBoard, type BoundaryScore } from './boundaryBoard.ts'
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
  /** Scores of contours to count, which takes time. */
  readonly boundaries?: readonly BoundaryMetric[]
  /** File of weights in place of the best checkpoint, of this program or another. */
  readonly checkpoint?: string | undefined
  /** Called after each batch. @param labels [count·H·W] class indices, valid during the call */
  readonly onBatch?: (batch: Batch, labels: Int32Array, plan: RunPlan) => Promise<void>
}

export interface Evaluation extends ValidationResult {
  readonly plan: RunPlan
  /** In the order in which they were asked for. */
  readonly boundaries: readonly BoundaryScore[]
}

/**
 * Scores the best checkpoint of a run on its validation images, anew; writes nothing.
 * @throws UserError where there is no such run or checkpoint
 */
export async function evaluateRun({
  workspace,
  run: name,
  engine,
  checkpoint,
  boundaries = [],
  onBatch,
}: EvaluateRequest): Promise<Evaluation> {
  const run = RunFolder.open(workspace, name)
  const record = run.readRecord()
  const { project } = readProject(workspace)
  const plan = await planWith(workspace, project, configOf(record), record)
  const weights = await weightsOf(run, plan.config.model, plan.rules.classes.count, checkpoint)
  const chosen = await chooseEngine(engine)
  const predictor = validationPredictor(chosen.engine, plan)
  const validation = new Validation(plan, predictor, loaderWorkers())
  try {
    const board = new BoundaryBoard(boundaries, plan.rules.classes.count)
    const result = await validation.run(weights, async (batch, labels) => {
      board.add(batch, labels)
      await onBatch?.(batch, labels, plan)
    })
    return { ...result, plan, boundaries: board.scores }
  } finally {
    await validation.dispose()
    await predictor.dispose()
  }
}

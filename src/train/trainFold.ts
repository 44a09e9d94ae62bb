import { UserError } from '../core/errors.ts'
import type { RunEvent } from '../protocol/events.ts'
import { runFiles, type RunRecord } from '../protocol/runFolder.ts'
import { debuggedExperiment } from '../protocol/runName.ts'
import { RunFolder } from '../runs/runFolder.ts'
import { readProject } from '../runs/project.ts'
import type { Workspace } from '../runs/workspace.ts'
import { readState } from './checkpoint.ts'
import { chooseEngine, type EngineRequest } from './engineChoice.ts'
import { held } from './heldRun.ts'
import { checkMemory, type MemoryRequest } from './memory/memoryCheck.ts'
import { planRun, planWith, type RunPlan } from './runPlan.ts'
import { configOf, recordOf } from './runRecord.ts'
import { train, type RunOutcome } from './train.ts'

export interface TrainRequest extends MemoryRequest {
  readonly workspace: Workspace
  readonly experiment: string
  /** From 0. */
  readonly fold: number
  /** null takes the experiment's own. */
  readonly seed: number | null
  readonly engine: EngineRequest
}

/**
 * Trains an experiment on one fold with one seed in a new run folder. Yields every event after it was written.
 * @throws UserError for whatever the user can mend; the run then has a `failed` event and its last checkpoint
 */
export async function* trainFold(request: TrainRequest): AsyncGenerator<RunEvent, RunOutcome> {
  const { workspace, experiment, fold, seed } = request
  const plan = await planRun(workspace, experiment, fold, seed)
  const chosen = await chooseEngine(request.engine, plan.config.train.precision)
  const memory = checkMemory(plan, chosen, request)
  const run = await RunFolder.create(workspace, { experiment, fold, seed: plan.seed })
  return yield* held(run, async function* (session) {
    const record = await recordOf(plan, run.name, chosen.engine, workspace, memory)
    await session.writeRecord(record)
    return yield* train({ workspace, plan, session, record, memory, isShared: true, ...chosen })
  })
}

/**
 * Goes on with a run from its last checkpoint, exactly as if it had never stopped.
 * @throws UserError where another trainer holds it, it has no checkpoint, or images or split are not those it began with
 */
export async function* resumeRun(request: {
  readonly workspace: Workspace
  readonly run: string
  readonly engine: EngineRequest
  readonly ignoresMemory?: boolean | undefined
}): AsyncGenerator<RunEvent, RunOutcome> {
  const { workspace } = request
  const run = RunFolder.open(workspace, request.run)
  checkResumable(run)
  return yield* held(run, async function* (session) {
    const record = run.readRecord()
    const { project } = readProject(workspace)
    const plan = await planWith(workspace, project, configOf(record), record)
    checkUnchanged(plan, record)
    const wanted = { ...request.engine, threads: request.engine.threads ?? record.threads }
    const chosen = await chooseEngine(wanted, plan.config.train.precision)
    const memory = checkMemory(plan, chosen, request)
    const state = await readState(run.file(runFiles.lastState))
    return yield* train({ workspace, plan, session, record, state, memory, isShared: true, ...chosen })
  })
}

/** A debug run saw a subset of the images that its record does not name: going on would train something else. */
function checkResumable({ name, identity: { experiment, fold } }: RunFolder): void {
  const debugged = debuggedExperiment(experiment)
  if (debugged === undefined) return
  throw new UserError('a debug run cannot be gone on with', {
    value: name,
    code: 'debug-run',
    hint: `Run it again: foldwise debug ${debugged} --fold ${fold}`,
  })
}

function checkUnchanged(plan: RunPlan, record: RunRecord): void {
  const changed =
    plan.splitHash !== record.splitHash ? 'split' : plan.dataHash !== record.dataHash ? 'data set' : undefined
  if (changed === undefined) return
  throw new UserError(`The ${changed} is not the one that this run began with: going on would mix two experiments.`, {
    code: 'changed-since',
    value: record.run,
    hint: `Restore the ${changed}, or start a new run with "foldwise train ${record.experiment} --fold ${record.fold}".`,
  })
}

import { stream } from '../core/random.ts'
import type { ImagePair } from '../data/folders.ts'
import { debugChecks, type DebugCheckId } from '../protocol/debugChecks.ts'
import type { EventOf, NewRunEvent, RunEvent } from '../protocol/events.ts'
import { debugExperimentName } from '../protocol/runName.ts'
import { RunFolder } from '../runs/runFolder.ts'
import type { RunSession } from '../runs/runSession.ts'
import type { CheckWork, Finding } from './debugChecks/check.ts'
import { DebugProgress } from './debugChecks/debugProgress.ts'
import { checkOf } from './debugChecks/registry.ts'
import { Workbench } from './debugChecks/workbench.ts'
import { chooseEngine } from './engineChoice.ts'
import { held } from './heldRun.ts'
import { checkMemory, memoryText } from './memory/memoryCheck.ts'
import { trainingLoader } from './loop.ts'
import { planRun, type RunPlan } from './runPlan.ts'
import { recordOf, startedEvent } from './runRecord.ts'
import type { TrainRequest } from './trainFold.ts'

export interface DebugRequest extends TrainRequest {
  /** Checks to carry out, in whatever order; all where not given. */
  readonly checks?: readonly DebugCheckId[] | undefined
}

export interface DebugOutcome {
  readonly run: string
  readonly path: string
  readonly state: 'finished' | 'stopped'
  /** Of the checks that were carried out, in their order. */
  readonly verdicts: readonly EventOf<'check'>['verdict'][]
}

/**
 * A quick run that finds what is broken before hours are spent: trains on a few images for an epoch or two and checks what
 * must hold. A check that fails does not keep the others from running. Its result is not shared with the team.
 */
export async function* debugRun(request: DebugRequest): AsyncGenerator<RunEvent, DebugOutcome> {
  const { workspace, experiment, fold, seed, checks: chosenChecks } = request
  const plan = debugPlan(await planRun(workspace, experiment, fold, seed))
  const chosen = await chooseEngine(request.engine, plan.config.train.precision)
  const { engine, reason } = chosen
  const memory = checkMemory(plan, chosen, request)
  const run = await RunFolder.create(workspace, { experiment: debugExperimentName(experiment), fold, seed: plan.seed })
  return yield* held<DebugOutcome>(run, async function* (session) {
    const record = await recordOf(plan, run.name, engine, workspace, memory)
    await session.writeRecord(record)
    yield session.append(startedEvent(plan, record, engine))
    for (const message of plan.warnings) yield session.append({ type: 'warning', message })
    if (engine.lowering === 'plain') yield session.append({ type: 'warning', message: reason })
    yield session.append({ type: 'phase', phase: 'compile', message: reason })
    if (memory !== undefined) yield session.append({ type: 'phase', phase: 'compile', message: memoryText(memory) })

    const bench = new Workbench(engine, plan, () => trainingLoader(plan))
    try {
      const { state, verdicts } = yield* carryOut(chosenChecks, bench, session)
      return { run: run.name, path: run.path, state, verdicts }
    } finally {
      await bench.restart()
    }
  })
}

async function* carryOut(
  ids: readonly DebugCheckId[] | undefined,
  bench: Workbench,
  session: RunSession,
): AsyncGenerator<RunEvent, Pick<DebugOutcome, 'state' | 'verdicts'>> {
  const checks = debugChecks.filter(({ id }) => ids?.includes(id) ?? true)
  const progress = new DebugProgress(bench.plan)
  const verdicts: EventOf<'check'>['verdict'][] = []
  for (const [index, { id, title }] of checks.entries()) {
    if (isStopAsked(session)) {
      yield session.append(stoppedEvent(progress))
      return { state: 'stopped', verdicts }
    }
    yield session.append({ type: 'phase', phase: 'train', message: `check ${index + 1} of ${checks.length}: ${title}` })
    const finding = yield* finish(checkOf[id](bench, session), progress, session)
    if (finding === 'stopped') return { state: 'stopped', verdicts }
    const { verdict, reason: message, values, picture: png } = finding
    const picture = png === undefined ? {} : { picture: await session.writeCheckPicture(id, png) }
    verdicts.push(verdict)
    yield session.append({ type: 'check', name: title, verdict, message, values, ...picture })
  }
  yield session.append({ type: 'finished', epoch: progress.epoch, best: progress.best })
  return { state: 'finished', verdicts }
}

/** Runs a check to its end, or to the step at which a stop is asked for. */
async function* finish(
  work: CheckWork,
  progress: DebugProgress,
  session: RunSession,
): AsyncGenerator<RunEvent, Finding | 'stopped'> {
  try {
    for (;;) {
      const next = await work.next()
      if (next.done === true) return next.value
      if (next.value !== 'step') {
        progress.follow(next.value)
        yield next.value
      } else if (isStopAsked(session)) {
        yield session.append(stoppedEvent(progress))
        return 'stopped'
      }
    }
  } finally {
    // What the check holds is freed where it does not come to its end.
    await work.return('stopped')
  }
}

function isStopAsked(session: RunSession): boolean {
  return session.takeRequests().includes('stop')
}

function stoppedEvent({ epoch, step }: DebugProgress): NewRunEvent {
  return { type: 'stopped', epoch, step }
}

/** A seeded subset, few epochs, nothing of which freezes the encoder; `scheduleEpochs` stays that of the experiment, so the rate does not fall to 0. */
function debugPlan(plan: RunPlan): RunPlan {
  const { samples, epochs } = plan.project.debug
  const subset = (pairs: readonly ImagePair[], part: string): readonly ImagePair[] => {
    const chosen = stream(plan.seed, 'debug', part)
      .shuffle([...pairs])
      .slice(0, samples)
    return pairs.filter((pair) => chosen.includes(pair))
  }
  return {
    ...plan,
    config: { ...plan.config, train: { ...plan.config.train, epochs, freeze_encoder_epochs: 0 } },
    train: subset(plan.train, 'train'),
    validation: subset(plan.validation, 'validation'),
  }
}

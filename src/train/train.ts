import type { Engine } from '../engines/engine.ts'
import type { RunEvent } from '../protocol/events.ts'
import { runFiles, type RunRecord } from '../protocol/runFolder.ts'
import type { BestEpoch } from '../protocol/values.ts'
import { writeResult } from '../runs/results.ts'
import type { RunFolder } from '../runs/runFolder.ts'
import type { RunSession } from '../runs/runSession.ts'
import type { Workspace } from '../runs/workspace.ts'
import { readWeights, type Progress, type TrainingState } from './checkpoint.ts'
import { batchesSeen } from './frozenEncoder.ts'
import { initialWeights } from './initialWeights.ts'
import { memoryText, type MemoryFacts } from './memory/memoryCheck.ts'
import { accumulationNote } from './accumulationNote.ts'
import type { AverageSettings } from './averageWeights.ts'
import { freshState, trainingLoader, trainingLoop } from './loop.ts'
import { writePredictions } from './predictions.ts'
import type { RunPlan } from './runPlan.ts'
import { resultOf, startedEvent } from './runRecord.ts'
import { samplingText } from './sampling.ts'
import { loaderWorkers } from './settings.ts'
import { Trainer } from './trainer.ts'
import { Validation, validationPredictor } from './validation.ts'

export interface RunOutcome {
  /** Name of the run. */
  readonly run: string
  /** Absolute path of its folder. */
  readonly path: string
  readonly state: 'finished' | 'stopped'
  readonly best: BestEpoch | null
}

export interface TrainingWork {
  readonly workspace: Workspace
  readonly plan: RunPlan
  readonly session: RunSession
  readonly record: RunRecord
  readonly engine: Engine
  readonly reason: string
  /** As estimated before the start. */
  readonly memory: MemoryFacts | undefined
  /** Whether the result is shared; that of a debug run is not. */
  readonly isShared: boolean
  /** Where a resumed run stands. */
  readonly state?: TrainingState
}

/** From compiled programs to the result file: the life of one run. Yields every event after it was written. */
export async function* train(work: TrainingWork): AsyncGenerator<RunEvent, RunOutcome> {
  const { plan, session, engine, state = freshState(work.plan) } = work
  yield session.append(startedEvent(plan, work.record, engine, work.state?.progress))
  for (const message of plan.warnings) yield session.append({ type: 'warning', message })
  if (engine.lowering === 'plain') yield session.append({ type: 'warning', message: work.reason })

  yield session.append({ type: 'phase', phase: 'compile', message: work.reason })
  if (work.memory !== undefined)
    yield session.append({ type: 'phase', phase: 'compile', message: memoryText(work.memory) })
  const sampling = samplingText(plan)
  if (sampling !== undefined) yield session.append({ type: 'phase', phase: 'data', message: sampling })
  const { config, rules } = plan
  const loader = trainingLoader(plan)
  const trainer = await Trainer.compile(engine, plan, loader.trainBatchSize, state.progress.epoch)
  const predictor = validationPredictor(engine, plan)
  const validation = new Validation(plan, predictor, loaderWorkers())
  try {
    if (work.state === undefined) trainer.load(await initialWeights(config.model, trainer.network, plan.seed))
    else
      trainer.load(await resumedWeights(plan, session.run, work.state.progress, loader.trainBatches), work.state.slots)
    const lag = laggingStatistics(trainer.network.slowestMomentum, loader.trainBatches * config.train.epochs)
    if (lag !== undefined && config.model.encoder_weights === null)
      yield session.append({ type: 'warning', message: lag })
    const hasBatchNorm = trainer.network.declarations.some(({ kind }) => kind === 'counter')
    const note = accumulationNote(config, hasBatchNorm)
    if (note !== undefined) yield session.append({ type: 'warning', message: note })
    yield session.append({ type: 'phase', phase: 'train', ...averageNote(config.train.ema ?? null) })
    const outcome = yield* trainingLoop({ plan, session, trainer, validation, loader, state })
    const { best, epoch } = outcome.progress
    if (outcome.state === 'finished' && best !== null) {
      yield session.append({ type: 'phase', phase: 'predict' })
      const { confusion } = await writePredictions(session, validation, rules)
      const scores = { loss: best.loss, ...validation.pooled(session.run.readScores()) }
      if (work.isShared)
        await writeResult(
          work.workspace,
          resultOf(work.record, engine, best, { scores, confusion }, outcome.progress.trainedMs),
        )
      const reason = outcome.reason === undefined ? {} : { reason: outcome.reason }
      yield session.append({ type: 'finished', epoch: epoch - 1, best, ...reason })
    }
    return { run: session.run.name, path: session.run.path, state: outcome.state, best }
  } finally {
    await loader.dispose()
    await validation.dispose()
    await trainer.dispose()
    await predictor.dispose()
  }
}

/** Says which weights are judged, where it is not those that train. */
function averageNote(ema: AverageSettings | null): { readonly message?: string } {
  if (ema === null) return {}
  const warmup = ema.warmup ? ', warmed up' : ''
  return {
    message: `validation, best.safetensors and predictions use averaged weights and BatchNorm statistics (EMA, decay ${ema.decay}${warmup})`,
  }
}

/**
 * Validation uses running statistics. Where they start from nothing and still hold much of it at the end, it scores badly
 * however well training went (SMP's EfficientNets: momentum 0.01).
 */
function laggingStatistics(momentum: number, batches: number): string | undefined {
  const left = (1 - momentum) ** batches
  if (left < 0.05) return undefined
  const other = momentum < 0.1 ? ', or take an encoder with momentum 0.1 (tu-tf_efficientnet_lite0, resnet18)' : ''
  return `BatchNorm of this network follows slowly (momentum ${momentum}): after the run's ${batches} batches its running statistics still hold ${Math.round(100 * left)} % of their initial values, and validation will look worse than training. Train longer, start from pretrained weights${other}.`
}

/** The counters of BatchNorm count from the loaded weights on: those of the checkpoint already hold the batches so far. */
async function resumedWeights(plan: RunPlan, run: RunFolder, { batches }: Progress, perEpoch: number) {
  const weights = await readWeights(run.file(runFiles.last))
  return new Map(
    Array.from(weights, ([key, tensor]) => {
      const { data, shape } = tensor
      if (!(data instanceof BigInt64Array)) return [key, tensor]
      const seen = BigInt(batchesSeen(plan, key, batches, perEpoch))
      return [key, { shape, data: data.map((count) => count - seen) }]
    }),
  )
}

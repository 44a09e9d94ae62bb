import { countsOf, scoresOf } from '../core/metrics.ts'
import { UserError } from '../core/errors.ts'
import { BatchLoader } from '../data/loader/batchLoader.ts'
import type { RunEvent } from '../protocol/events.ts'
import type { RunSession } from '../runs/runSession.ts'
import { encodeLast, freshProgress, type Progress, type TrainingState } from './checkpoint.ts'
import { withoutAuxiliary, type StateDict } from '../model/stateDict.ts'
import { normalizationOf } from './initialWeights.ts'
import { pixelInputsOf } from './losses/registry.ts'
import { bestOf, earlyEnd, rememberedScores } from './monitors.ts'
import type { RunPlan } from './runPlan.ts'
import { samplingOf } from './sampling.ts'
import { loaderWorkers } from './settings.ts'
import type { Trainer } from './trainer.ts'
import type { Validation } from './validation.ts'
import { ratesAt } from './stepRates.ts'
import { encodeSafetensors } from '../core/safetensors.ts'
import { runFiles } from '../protocol/runFolder.ts'

export interface LoopParts {
  readonly plan: RunPlan
  readonly session: RunSession
  readonly trainer: Trainer
  readonly validation: Validation
  readonly loader: BatchLoader
  readonly state: TrainingState
}

export interface LoopOutcome {
  readonly state: 'finished' | 'stopped'
  readonly progress: Progress
  /** Why it finished before its last epoch. */
  readonly reason?: string | undefined
}

export function freshState(plan: RunPlan): TrainingState {
  return { progress: freshProgress, slots: new Map(), confusion: new Float64Array(plan.rules.classes.count ** 2) }
}

export function trainingLoader(plan: RunPlan): BatchLoader {
  const { config, rules, train, size, seed } = plan
  const { image_size: resize, batch_size: batchSize } = config.data
  const normalization = normalizationOf(config.model)
  return new BatchLoader({
    entries: train,
    rules,
    resize,
    augment: config.augment,
    mix: config.mix ?? null,
    ...normalization,
    seed,
    batchSize,
    ...size,
    probabilities: samplingOf(plan),
    workers: loaderWorkers(),
    pixelInputs: pixelInputsOf(plan.loss),
  })
}

/**
 * For epoch, for batch: gradient, update, events; then validation and checkpoints. Every number depends on the seed and the
 * counters in `progress` alone, so a resumed run repeats exactly what an uninterrupted one would have done.
 */
export async function* trainingLoop({
  plan,
  session,
  trainer,
  validation,
  loader,
  state,
}: LoopParts): AsyncGenerator<RunEvent, LoopOutcome> {
  const { config, rules } = plan
  const { epochs } = config.train
  const accumulate = config.data.accumulate_grad_batches
  const isAveraging = (config.train.ema ?? null) !== null
  const began = performance.now()
  const confusion = Float64Array.from(state.confusion)
  let progress = { ...state.progress }
  const elapsed = (): number => state.progress.trainedMs + (performance.now() - began)
  const saveLast = async (weights: StateDict): Promise<RunEvent> => {
    progress.trainedMs = elapsed()
    await session.writeLast(encodeLast(weights, { progress, slots: await trainer.saveSlots(), confusion }))
    return session.append({
      type: 'checkpoint',
      kind: 'last',
      epoch: progress.epoch,
      step: progress.step,
      file: runFiles.last,
    })
  }

  while (progress.epoch <= epochs && earlyEnd(plan, progress.scores) === undefined) {
    const { epoch } = progress
    await trainer.enter(epoch, progress.batches)
    const epochBegan = performance.now()
    const rates = ratesAt(plan, epoch, progress.scores)
    const { lr } = rates
    let group: { losses: number[]; parts: Record<string, number>; began: number; waited: number } | undefined
    let asked = performance.now()
    for await (const batch of loader.train(epoch, progress.batch)) {
      const arrived = performance.now()
      group ??= { losses: [], parts: {}, began: asked, waited: 0 }
      group.waited += arrived - asked
      const groupSize = Math.min(accumulate, loader.trainBatches - (progress.batch - group.losses.length))
      const result = await trainer.computeGradient(batch, progress.batches)
      if (!Number.isFinite(result.loss)) throw notFinite(plan, progress, result.loss, lr)
      if (accumulate > 1) await trainer.accumulate(groupSize, group.losses.length === 0)
      group.losses.push(result.loss)
      for (const [name, value] of Object.entries(result.parts))
        group.parts[name] = (group.parts[name] ?? 0) + value / groupSize
      addImages(confusion, result.confusion)
      progress.batch++
      progress.batches++
      progress.lossSum += result.loss
      progress.lossCount++
      asked = performance.now()
      if (group.losses.length < groupSize) continue

      const isFirst = progress.batch <= groupSize
      const { gradientNorm, lossScale, isSkipped } = await trainer.update(
        isFirst ? rates.first : rates.others,
        progress.step + 1,
      )
      progress.step++
      const images = groupSize * loader.trainBatchSize
      const seconds = (performance.now() - group.began) / 1000
      yield session.append({
        type: 'step',
        step: progress.step,
        epoch,
        loss: mean(group.losses),
        parts: group.parts,
        lr,
        gradNorm: finite(gradientNorm),
        ...(lossScale !== undefined && { lossScale }),
        ...(isSkipped === true && { isSkipped }),
        imagesPerSecond: images / seconds,
        dataWaitMs: group.waited,
      })
      group = undefined
      const requests = session.takeRequests()
      if (requests.includes('checkpoint') || requests.includes('stop'))
        yield await saveLast(await trainer.save(progress.batches))
      if (requests.includes('stop')) {
        yield session.append({ type: 'stopped', epoch, step: progress.step })
        return { state: 'stopped', progress }
      }
      asked = performance.now()
    }

    yield session.append({ type: 'phase', phase: 'validate' })
    const weights = await trainer.save(progress.batches)
    const evaluated = isAveraging ? await trainer.saveEvaluated(progress.batches) : weights
    const result = await validation.run(evaluated)
    const train = {
      loss: finite(progress.lossSum / progress.lossCount),
      mIoU: scoresOf(countsOf(confusion, rules.classes.count)).mIoU,
    }
    const best = bestOf(plan, epoch, result.scores, progress.best)
    const seconds = (performance.now() - epochBegan) / 1000
    yield session.append({
      type: 'epoch',
      epoch,
      train,
      valid: result.scores,
      seconds,
      rssBytes: process.memoryUsage.rss(),
    })
    if (best !== progress.best) {
      await session.writeScores(result.images)
      await session.writeBest([encodeSafetensors(withoutAuxiliary(evaluated), { format: 'pt' })])
      yield session.append({
        type: 'checkpoint',
        kind: 'best',
        epoch,
        step: progress.step,
        file: runFiles.best,
        ...(isAveraging ? { weights: 'ema' } : {}),
      })
    }
    const scores = [...progress.scores, rememberedScores(plan, result.scores)]
    progress = { ...progress, epoch: epoch + 1, batch: 0, lossSum: 0, lossCount: 0, best, scores }
    confusion.fill(0)
    yield await saveLast(weights)
  }
  return { state: 'finished', progress, reason: earlyEnd(plan, progress.scores) }
}

function addImages(sum: Float64Array, confusion: ArrayLike<number>): void {
  for (let index = 0; index < confusion.length; index++) sum[index % sum.length] += confusion[index]
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

/** Training cannot go on; what is on disk is from before. */
function notFinite({ config }: RunPlan, { step, epoch }: Progress, loss: number, lr: number): UserError {
  const { clip_grad_norm: clip, precision } = config.train
  const half = precision === 'fp16' ? ' Or the network makes numbers beyond 65504, which fp16 cannot hold: see whether train.precision "fp32" gives a loss.' : '' // prettier-ignore
  const cause =
    step === 0
      ? 'This is the first step: look at the pretrained weights and at class weights of 0.'
      : `Most likely the learning rate (${lr}) is too high${clip === null ? ' or gradients explode: try a third of it, or train.clip_grad_norm 1' : ': try a third of it'}.`
  return new UserError(`The loss became ${loss} at step ${step + 1} (epoch ${epoch}).`, {
    code: 'nan-loss',
    value: String(loss),
    hint: `${cause}${half} The checkpoints are those of the last whole epoch.`,
  })
}

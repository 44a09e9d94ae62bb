import type { BatchLoader } from '../data/loader/batchLoader.ts'
import type { Engine } from '../engines/engine.ts'
import type { ChosenEngine } from '../engines/engineDefinition.ts'
import { batchesFrom } from './debugChecks/trainSteps.ts'
import { chooseEngine, type EngineRequest } from './engineChoice.ts'
import { initialWeights } from './initialWeights.ts'
import { trainingLoader } from './loop.ts'
import type { RunPlan } from './runPlan.ts'
import { checkMemory, hasMemoryFor, type MemoryFacts, type MemoryRequest } from './memory/memoryCheck.ts'
import { peakMemory } from './memory/peakMemory.ts'
import { loaderWorkers } from './settings.ts'
import { Trainer } from './trainer.ts'
import { constantRates } from './updatePlan.ts'
import { Validation, validationPredictor, type Predictor } from './validation.ts'

/** What an experiment costs on one device of this machine. Times are milliseconds of wall clock. */
export interface Benchmark {
  readonly engine: string
  readonly lowering: string
  readonly device: string
  readonly threads: number
  /** Images of one training batch, and its pixels. */
  readonly batch: { readonly images: number; readonly height: number; readonly width: number }
  /** Until the first step has been taken: compilation included. */
  readonly startMs: number
  /** Medians over the measured steps, after those that warm up: gradient of a batch, and the optimizer's part. */
  readonly gradientMs: number
  readonly updateMs: number
  /** Mean time that a batch was waited for. */
  readonly dataWaitMs: number
  /** Of the training, data included. */
  readonly imagesPerSecond: number
  /** Mean over the validation images, decoding and scores included. */
  readonly validationMsPerImage: number
  /** The process at its largest. */
  readonly peakBytes: number
  /** What was estimated before the first step; undefined where the engine cannot tell. */
  readonly memory: MemoryFacts | undefined
  /** Gradient of a batch without `train.checkpoint_activations`; undefined where it is off, or would not fit. */
  readonly keepingMs: number | undefined
  /** An epoch of this fold as these times foretell it: training and validation, without checkpoints. */
  readonly epochMs: number
}

const warmUpSteps = 3

/**
 * Takes real steps of a run on its own data, and validates once; writes nothing.
 * @param steps measured, after three that warm up
 * @yields what it is doing, for a person
 * @throws UserError as a training would
 */
export async function* benchmark(
  plan: RunPlan,
  request: EngineRequest & MemoryRequest,
  steps: number,
): AsyncGenerator<string, Benchmark> {
  yield 'compiling'
  const began = performance.now()
  const chosen = await chooseEngine(request, plan.config.train.precision)
  const memory = checkMemory(plan, chosen, request)
  const loader = trainingLoader(plan)
  try {
    const measured = yield* measure(plan, chosen.engine, loader, steps, began)
    return { ...measured, memory, keepingMs: await keepingTime(plan, chosen, loader, steps) }
  } finally {
    await loader.dispose()
  }
}

async function* measure(
  plan: RunPlan,
  engine: Engine,
  loader: BatchLoader,
  steps: number,
  began: number,
): AsyncGenerator<string, Omit<Benchmark, 'memory' | 'keepingMs'>> {
  const trainer = await Trainer.compile(engine, plan, loader.trainBatchSize, plan.config.train.epochs)
  try {
    const weights = await initialWeights(plan.config.model, trainer.network, plan.seed)
    trainer.load(weights)
    yield `training for ${warmUpSteps + steps} steps`
    const { startMs, ...training } = await timeSteps(plan, trainer, loader, steps, began)
    yield `validating on ${plan.validation.length} images`
    const predictor = validationPredictor(engine, plan)
    const validationMs = await timeValidation(plan, predictor, trainer, steps)
    const { gradientMs, updateMs, dataWaitMs } = training
    const { accumulate_grad_batches: accumulate } = plan.config.data
    const batches = loader.trainBatches
    const trainMs = batches * (gradientMs + dataWaitMs) + Math.ceil(batches / accumulate) * updateMs
    const validationMsPerImage = validationMs / plan.validation.length
    return {
      engine: engine.name,
      lowering: engine.lowering,
      device: engine.device,
      threads: engine.threads,
      batch: { images: loader.trainBatchSize, ...plan.size },
      startMs,
      ...training,
      imagesPerSecond: (1000 * batches * loader.trainBatchSize) / trainMs,
      validationMsPerImage,
      peakBytes: peakMemory(),
      epochMs: trainMs + validationMs,
    }
  } finally {
    await trainer.dispose()
  }
}

/** The step as it would be if it kept all activations: what computing them again costs. */
async function keepingTime(plan: RunPlan, chosen: ChosenEngine, loader: BatchLoader, steps: number) {
  const { config } = plan
  if (config.train.checkpoint_activations !== true) return undefined
  const keeping = { ...plan, config: { ...config, train: { ...config.train, checkpoint_activations: false } } }
  if (!hasMemoryFor(keeping, chosen)) return undefined
  const trainer = await Trainer.compile(chosen.engine, keeping, loader.trainBatchSize, config.train.epochs)
  try {
    trainer.load(await initialWeights(config.model, trainer.network, plan.seed))
    return (await timeSteps(keeping, trainer, loader, steps, performance.now())).gradientMs
  } finally {
    await trainer.dispose()
  }
}

async function timeSteps(plan: RunPlan, trainer: Trainer, loader: BatchLoader, steps: number, began: number) {
  const { accumulate_grad_batches: accumulate } = plan.config.data
  const gradients: number[] = []
  const updates: number[] = []
  let [index, waited, startMs] = [0, 0, 0]
  let asked = performance.now()
  for await (const batch of batchesFrom(loader, 0)) {
    const arrived = performance.now()
    await trainer.computeGradient(batch, index)
    if (accumulate > 1) await trainer.accumulate(1, true)
    const computed = performance.now()
    await trainer.update(constantRates(plan.config.optimizer.lr), index + 1)
    const updated = performance.now()
    if (index === 0) startMs = updated - began
    if (index >= warmUpSteps) {
      gradients.push(computed - arrived)
      updates.push(updated - computed)
      waited += arrived - asked
    }
    if (++index === warmUpSteps + steps) break
    asked = performance.now()
  }
  return { startMs, gradientMs: median(gradients), updateMs: median(updates), dataWaitMs: waited / steps }
}

/** The second of two passes: the first compiles. */
async function timeValidation(plan: RunPlan, predictor: Predictor, trainer: Trainer, batches: number): Promise<number> {
  const validation = new Validation(plan, predictor, loaderWorkers())
  try {
    const weights = await trainer.saveEvaluated(batches)
    await validation.run(weights)
    const began = performance.now()
    await validation.run(weights)
    return performance.now() - began
  } finally {
    await validation.dispose()
    await predictor.dispose()
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[values.length >> 1]
}

import { hasDiverged, rateOfStep, steepestRate, withStep, type RangeStep } from '../core/learningRateRange.ts'
import { batchesFrom } from './debugChecks/trainSteps.ts'
import { chooseEngine, type EngineRequest } from './engineChoice.ts'
import { initialWeights } from './initialWeights.ts'
import { trainingLoader } from './loop.ts'
import { checkMemory, type MemoryRequest } from './memory/memoryCheck.ts'
import type { RunPlan } from './runPlan.ts'
import { Trainer } from './trainer.ts'
import { constantRates } from './updatePlan.ts'

export interface RangeRequest extends EngineRequest, MemoryRequest {
  /** Learning rates of the first and the last step. */
  readonly first: number
  readonly last: number
  readonly steps: number
}

export interface FoundRate {
  readonly range: readonly RangeStep[]
  readonly isDiverged: boolean
  /** undefined where the loss fell nowhere. */
  readonly suggested: number | undefined
}

/**
 * Learning-rate range test (Smith 2017, "Cyclical Learning Rates"; as fastai's lr_find): a throw-away training of the experiment
 * from its initial weights, with a rate that grows in each optimizer step, until the loss diverges. Writes nothing.
 * @yields each step
 * @throws UserError as a training would
 */
export async function* findLearningRate(plan: RunPlan, request: RangeRequest): AsyncGenerator<RangeStep, FoundRate> {
  const chosen = await chooseEngine(request)
  checkMemory(plan, chosen, request)
  const loader = trainingLoader(plan)
  try {
    // The average of the weights has no say in the loss of a step.
    const withoutAverage = { ...plan, config: { ...plan.config, train: { ...plan.config.train, ema: null } } }
    const trainer = await Trainer.compile(chosen.engine, withoutAverage, loader.trainBatchSize)
    try {
      trainer.load(await initialWeights(plan.config.model, trainer.network, plan.seed))
      return yield* sweep(plan, trainer, batchesFrom(loader, 0), request)
    } finally {
      await trainer.dispose()
    }
  } finally {
    await loader.dispose()
  }
}

async function* sweep(
  { config }: RunPlan,
  trainer: Trainer,
  batches: ReturnType<typeof batchesFrom>,
  { first, last, steps }: RangeRequest,
): AsyncGenerator<RangeStep, FoundRate> {
  const { accumulate_grad_batches: accumulate } = config.data
  let range: readonly RangeStep[] = []
  let losses: number[] = []
  let index = 0
  for await (const batch of batches) {
    const { loss } = await trainer.computeGradient(batch, index++)
    if (accumulate > 1) await trainer.accumulate(accumulate, losses.length === 0)
    losses.push(loss)
    if (losses.length < accumulate) continue
    const lr = rateOfStep(range.length, steps, first, last)
    range = withStep(range, lr, losses.reduce((sum, each) => sum + each, 0) / accumulate)
    losses = []
    yield range[range.length - 1]
    if (range.length === steps || hasDiverged(range)) break
    await trainer.update(constantRates(lr), range.length)
  }
  return { range, isDiverged: hasDiverged(range), suggested: steepestRate(range, steps) }
}

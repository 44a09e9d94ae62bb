import type { Batch, BatchLoader } from '../../data/loader/batchLoader.ts'
import type { RunPlan } from '../runPlan.ts'
import type { Trainer } from '../trainer.ts'
import { constantRates } from '../updatePlan.ts'
import type { Workbench } from './workbench.ts'

/** What one optimizer step computed. */
export interface StepNumbers {
  readonly loss: number
  /** L2 norm over all gradients, before clipping. */
  readonly gradientNorm: number
}

/**
 * One optimizer step on one batch, with the experiment's own learning rate: neither schedule nor accumulation, which would
 * only make a check slower.
 * @param index of the batch since the start: keys its stochastic depth
 * @param step counted from 1
 */
export async function trainStep(
  { config }: RunPlan,
  trainer: Trainer,
  batch: Batch,
  { index, step }: { readonly index: number; readonly step: number },
): Promise<StepNumbers> {
  const { loss } = await trainer.computeGradient(batch, index)
  if (config.data.accumulate_grad_batches > 1) await trainer.accumulate(1, true)
  const { gradientNorm } = await trainer.update(constantRates(config.optimizer.lr), step)
  return { loss, gradientNorm }
}

/** Trains on as many batches, in the order of training, as a run that has `done` steps behind it would go on. */
export async function* trainSteps(
  { plan, loader }: Workbench,
  trainer: Trainer,
  done: number,
  steps: number,
): AsyncGenerator<StepNumbers, void, undefined> {
  let index = done
  for await (const batch of batchesFrom(loader, done)) {
    yield await trainStep(plan, trainer, batch, { index, step: index + 1 })
    if (++index === done + steps) return
  }
}

/** Training batches of one epoch after another, without end. @param first batches since the start that are left out */
export async function* batchesFrom(loader: BatchLoader, first: number): AsyncGenerator<Batch, void, undefined> {
  const perEpoch = loader.trainBatches
  let skipped = first % perEpoch
  for (let epoch = 1 + Math.floor(first / perEpoch); ; epoch++) {
    yield* loader.train(epoch, skipped)
    skipped = 0
  }
}

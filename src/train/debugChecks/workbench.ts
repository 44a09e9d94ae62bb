import type { BatchLoader } from '../../data/loader/batchLoader.ts'
import type { Engine } from '../../engines/engine.ts'
import { initialWeights } from '../initialWeights.ts'
import type { RunPlan } from '../runPlan.ts'
import { Trainer } from '../trainer.ts'

/**
 * One loader and one compiled trainer that the checks of a debug run share: compiling takes as long as several steps. Never
 * two trainers at a time, as what trains in the memory of this machine must be checked in it. `restart` it to free both.
 */
export class Workbench {
  readonly engine: Engine
  readonly plan: RunPlan
  private readonly openLoader: () => BatchLoader
  private openedLoader: BatchLoader | undefined
  private compiled: Trainer | undefined

  constructor(engine: Engine, plan: RunPlan, openLoader: () => BatchLoader) {
    this.engine = engine
    this.plan = plan
    this.openLoader = openLoader
  }

  get loader(): BatchLoader {
    return (this.openedLoader ??= this.openLoader())
  }

  /** In whatever state the last check left it. */
  async trainer(): Promise<Trainer> {
    return (this.compiled ??= await Trainer.compile(this.engine, this.plan, this.loader.trainBatchSize))
  }

  /** The trainer at step 0: initial weights, nothing in the optimizer. */
  async freshTrainer(): Promise<Trainer> {
    const trainer = await this.trainer()
    const weights = await initialWeights(this.plan.config.model, trainer.network, this.plan.seed)
    trainer.load(weights)
    return trainer
  }

  /** Makes room for another compiled program. */
  async releaseTrainer(): Promise<void> {
    const { compiled } = this
    this.compiled = undefined
    await compiled?.dispose()
  }

  /** Frees trainer and loader: who asks next gets new ones, as a new process would. */
  async restart(): Promise<void> {
    const { openedLoader } = this
    this.openedLoader = undefined
    await openedLoader?.dispose()
    await this.releaseTrainer()
  }
}

import type { Batch } from '../data/loader/batchLoader.ts'
import type { Arrays, Engine, InferenceEngine } from '../engines/engine.ts'
import type { BatchNormFold } from '../graph/program.ts'
import { encoderPrefix } from '../model/networkParts.ts'
import { foldBatchNorm, type StateDict } from '../model/stateDict.ts'
import { encoderProgram } from './programs.ts'
import type { RunPlan } from './runPlan.ts'

type Freezing = Pick<RunPlan, 'config'>

/** Whether the encoder stands still in an epoch, counted from 1. */
export function isEncoderFrozen({ config }: Freezing, epoch: number): boolean {
  return epoch <= (config.train.freeze_encoder_epochs ?? 0)
}

/**
 * How many batches a BatchNorm has seen: what `num_batches_tracked` counts.
 * @param key of its state
 * @param batches gradients computed since the start of the run
 * @param perEpoch training batches
 */
export function batchesSeen({ config }: Freezing, key: string, batches: number, perEpoch: number): number {
  const { freeze_batchnorm: statistics = 'none', freeze_encoder_epochs: epochs = 0 } = config.train
  const isOfEncoder = key.startsWith(encoderPrefix)
  if (statistics === 'all' || (statistics === 'encoder' && isOfEncoder)) return 0
  return isOfEncoder ? Math.max(0, batches - epochs * perEpoch) : batches
}

/** An encoder that stands still: a compiled forward pass, as in validation. */
export class FrozenEncoder {
  private readonly compiled: InferenceEngine
  private readonly folds: readonly BatchNormFold[]

  static async compile(engine: Engine, { config, size, rules }: RunPlan, batch: number): Promise<FrozenEncoder> {
    const encoder = encoderProgram(config.model, { ...size, batch, classes: rules.classes.count })
    return new FrozenEncoder(await engine.compileInference(encoder), encoder.folds)
  }

  private constructor(compiled: InferenceEngine, folds: readonly BatchNormFold[]) {
    this.compiled = compiled
    this.folds = folds
  }

  load(state: StateDict): void {
    this.compiled.load(foldBatchNorm(state, this.folds))
  }

  /** Inputs `feature/K` of the rest of the network, valid until the next call. */
  async features(image: Batch['image']): Promise<Arrays> {
    return this.compiled.run({ image })
  }

  async dispose(): Promise<void> {
    await this.compiled.dispose()
  }
}

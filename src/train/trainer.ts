import type { Engine, TrainingEngine } from '../engines/engine.ts'
import type { NamedTensor } from '../core/safetensors.ts'
import type { Batch } from '../data/loader/batchLoader.ts'
import type { Network } from '../model/network.ts'
import type { StateDict } from '../model/stateDict.ts'
import { optimizers } from './optimizers/registry.ts'
import type { OptimizerDefinition } from './optimizers/optimizer.ts'
import type { MixedLabels } from '../augment/mixes/mix.ts'
import { labelInputs, mixedLabels } from './mixing.ts'
import { trainingProgram } from './programs.ts'
import { randomFactors } from './randomFactors.ts'
import type { RunPlan } from './runPlan.ts'
import { SnapMixer } from './snapMixer.ts'
import { updatePlan } from './updatePlan.ts'

/** What one batch gave. */
export interface BatchResult {
  readonly loss: number
  readonly parts: Readonly<Record<string, number>>
  /** [N, C, C], rows = truth. */
  readonly confusion: ArrayLike<number>
}

interface TrainerParts {
  readonly network: Network
  readonly compiled: TrainingEngine
  readonly optimizer: OptimizerDefinition
  readonly args: Readonly<Record<string, unknown>>
  readonly batchSize: number
  readonly labels: MixedLabels
  readonly seed: number
  readonly mixer: SnapMixer | undefined
}

/** A compiled network with its weights and optimizer: computes gradients of batches and applies them. */
export class Trainer {
  readonly network: Network
  private readonly compiled: TrainingEngine
  private readonly optimizer: OptimizerDefinition
  private readonly args: Readonly<Record<string, unknown>>
  private readonly batchSize: number
  private readonly seed: number
  private readonly labels: MixedLabels
  private readonly mixer: SnapMixer | undefined
  /** What the engine does not hold: entries of the state dict outside the graph, and counters. */
  private outside: StateDict = new Map()

  static async compile(engine: Engine, plan: RunPlan, batchSize: number): Promise<Trainer> {
    const { config, loss, size, rules } = plan
    const shape = { ...size, batch: batchSize, classes: rules.classes.count }
    const labels = mixedLabels(config)
    const { network, gradient } = trainingProgram(
      config.model,
      loss,
      shape,
      config.train.checkpoint_activations,
      labels,
    )
    const optimizer = optimizers.get(config.optimizer.name)
    const args = optimizer.arguments.parse(config.optimizer)
    const compiled = await engine.compileTraining({
      gradient,
      update: updatePlan(optimizer, args, config.train.clip_grad_norm),
      accumulate: config.data.accumulate_grad_batches,
    })
    return new Trainer({
      network,
      compiled,
      optimizer,
      args,
      batchSize,
      labels,
      seed: plan.seed,
      mixer: SnapMixer.of(engine, plan),
    })
  }

  private constructor(parts: TrainerParts) {
    this.network = parts.network
    this.compiled = parts.compiled
    this.optimizer = parts.optimizer
    this.args = parts.args
    this.batchSize = parts.batchSize
    this.labels = parts.labels
    this.seed = parts.seed
    this.mixer = parts.mixer
  }

  load(state: StateDict, slots?: StateDict): void {
    this.compiled.load(state)
    if (slots !== undefined) this.compiled.loadSlots(slots)
    this.outside = state
  }

  /**
   * Weights and running statistics in the order and under the keys of SMP's state dict.
   * @param batches gradients computed since the weights were loaded: what BatchNorm counts
   */
  async save(batches: number): Promise<StateDict> {
    const trained = await this.compiled.save()
    return new Map(
      this.network.declarations.map(({ key, kind }) => {
        const loaded = this.outside.get(key)!
        return [key, kind === 'counter' ? counted(loaded, batches) : (trained.get(key) ?? loaded)]
      }),
    )
  }

  async saveSlots(): Promise<StateDict> {
    return this.compiled.saveSlots()
  }

  /** @param index of the batch since the start of the run: keys its stochastic depth, and SnapMix, which mixes the batch here */
  async computeGradient(batch: Batch, index: number): Promise<BatchResult> {
    const mixed = await this.mixer?.mix(batch, index, async () => this.save(0))
    const { image } = mixed ?? batch
    const labels = labelInputs(this.labels, { ...batch, ...mixed })
    const factors = randomFactors(this.network.randomInputs, this.batchSize, this.seed, index)
    const results = await this.compiled.computeGradient({ image, ...labels, ...factors })
    const parts = Object.entries(results).flatMap(([name, value]) =>
      name.startsWith('part:') ? [[name.slice('part:'.length), value[0]] as const] : [],
    )
    return { loss: results['loss'][0], parts: Object.fromEntries(parts), confusion: results['confusion'] }
  }

  /** Adds 1/of of the gradient to the sum of its group. */
  async accumulate(of: number, isFirst: boolean): Promise<void> {
    await this.compiled.accumulateGradient(1 / of, isFirst)
  }

  /** @param step counted from 1  @returns norm of the gradient before clipping */
  async update(lr: number, step: number): Promise<number> {
    return this.compiled.update(this.optimizer.scalars(this.args, lr, step))
  }

  async dispose(): Promise<void> {
    await this.mixer?.dispose()
    await this.compiled.dispose()
  }
}

function counted({ shape, data }: NamedTensor, batches: number): NamedTensor {
  return { shape, data: BigInt64Array.of(BigInt(data[0]) + BigInt(batches)) }
}

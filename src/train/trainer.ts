import type { Engine, TrainingEngine } from '../engines/engine.ts'
import type { NamedTensor } from '../core/safetensors.ts'
import type { Batch } from '../data/loader/batchLoader.ts'
import type { Network } from '../model/network.ts'
import type { StateDict } from '../model/stateDict.ts'
import { initialLossScale, loadedLossScale, nextLossScale, storedLossScale, type LossScale } from './lossScale.ts'
import { optimizers } from './optimizers/registry.ts'
import type { OptimizerDefinition } from './optimizers/optimizer.ts'
import { numberForm } from '../engines/precision.ts'
import { trainingProgram } from './programs.ts'
import { randomFactors } from './randomFactors.ts'
import type { RunPlan } from './runPlan.ts'
import { updatePlan } from './updatePlan.ts'

/** What one batch gave. */
export interface BatchResult {
  readonly loss: number
  readonly parts: Readonly<Record<string, number>>
  /** [N, C, C], rows = truth. */
  readonly confusion: ArrayLike<number>
}

/** What one optimizer step did. */
export interface StepResult {
  /** Over all gradients, before clipping. */
  readonly gradientNorm: number
  /** By which the loss of this step was multiplied; undefined where it is not scaled. */
  readonly lossScale?: number
  /** Its gradients were not finite in half precision: weights and optimizer are as they were. */
  readonly isSkipped?: boolean
}

/** Key of the loss scale beside the optimizer's state. */
const lossScaleKey = 'loss_scale'

/** A compiled network with its weights and optimizer: computes gradients of batches and applies them. */
export class Trainer {
  readonly network: Network
  private readonly compiled: TrainingEngine
  private readonly optimizer: OptimizerDefinition
  private readonly args: Readonly<Record<string, unknown>>
  private readonly batchSize: number
  private readonly seed: number
  /** What the engine does not hold: entries of the state dict outside the graph, and counters. */
  private outside: StateDict = new Map()
  /** undefined where the loss is not scaled. */
  private lossScale: LossScale | undefined

  static async compile(engine: Engine, plan: RunPlan, batchSize: number): Promise<Trainer> {
    const { config, loss, size, rules } = plan
    const shape = { ...size, batch: batchSize, classes: rules.classes.count }
    const { checkpoint_activations: isCheckpointing, precision } = config.train
    const { network, gradient } = trainingProgram(config.model, loss, shape, isCheckpointing, precision)
    const { isScaled = false } = numberForm(precision)
    const optimizer = optimizers.get(config.optimizer.name)
    const args = optimizer.arguments.parse(config.optimizer)
    const compiled = await engine.compileTraining({
      gradient,
      update: updatePlan(optimizer, args, config.train.clip_grad_norm, isScaled),
      accumulate: config.data.accumulate_grad_batches,
    })
    const lossScale = isScaled ? initialLossScale : undefined
    return new Trainer(network, compiled, optimizer, args, batchSize, plan.seed, lossScale)
  }

  private constructor(
    network: Network,
    compiled: TrainingEngine,
    optimizer: OptimizerDefinition,
    args: Readonly<Record<string, unknown>>,
    batchSize: number,
    seed: number,
    lossScale: LossScale | undefined,
  ) {
    this.network = network
    this.compiled = compiled
    this.optimizer = optimizer
    this.args = args
    this.batchSize = batchSize
    this.seed = seed
    this.lossScale = lossScale
  }

  load(state: StateDict, slots?: StateDict): void {
    this.compiled.load(state)
    if (slots !== undefined) this.compiled.loadSlots(slots)
    const scale = slots?.get(lossScaleKey)?.data
    if (this.lossScale !== undefined && scale instanceof Float32Array) this.lossScale = loadedLossScale(scale)
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

  /** The optimizer's, and the loss scale. */
  async saveSlots(): Promise<StateDict> {
    const slots = await this.compiled.saveSlots()
    if (this.lossScale === undefined) return slots
    const scale = storedLossScale(this.lossScale)
    return new Map([...slots, [lossScaleKey, { shape: [scale.length], data: scale }]])
  }

  /** @param index of the batch since the start of the run: keys its stochastic depth */
  async computeGradient({ image, target }: Pick<Batch, 'image' | 'target'>, index: number): Promise<BatchResult> {
    const factors = randomFactors(this.network.randomInputs, this.batchSize, this.seed, index)
    const scale = this.lossScale && { loss_scale: Float32Array.of(this.lossScale.scale) }
    const results = await this.compiled.computeGradient({ image, target, ...factors, ...scale })
    const parts = Object.entries(results).flatMap(([name, value]) =>
      name.startsWith('part:') ? [[name.slice('part:'.length), value[0]] as const] : [],
    )
    return { loss: results['loss'][0], parts: Object.fromEntries(parts), confusion: results['confusion'] }
  }

  /** Adds 1/of of the gradient to the sum of its group. */
  async accumulate(of: number, isFirst: boolean): Promise<void> {
    await this.compiled.accumulateGradient(1 / of, isFirst)
  }

  /**
   * @param step counted from 1, skipped ones too
   * @throws UserError where no loss scale makes the gradients finite
   */
  async update(lr: number, step: number): Promise<StepResult> {
    const { optimizer, args, lossScale } = this
    if (lossScale === undefined) return { gradientNorm: await this.compiled.update(optimizer.scalars(args, lr, step)) }
    const { scale, skippedSteps } = lossScale
    // To the optimizer a skipped step has never been.
    const scalars = optimizer.scalars(args, lr, step - skippedSteps)
    const gradientNorm = await this.compiled.update({ ...scalars, inverse_scale: 1 / scale })
    const isFinite = Number.isFinite(gradientNorm)
    this.lossScale = nextLossScale(lossScale, isFinite)
    return { gradientNorm, lossScale: scale, ...(!isFinite && { isSkipped: true }) }
  }

  async dispose(): Promise<void> {
    await this.compiled.dispose()
  }
}

function counted({ shape, data }: NamedTensor, batches: number): NamedTensor {
  return { shape, data: BigInt64Array.of(BigInt(data[0]) + BigInt(batches)) }
}

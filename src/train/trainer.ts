import type { Engine, TrainingEngine } from '../engines/engine.ts'
import type { NamedTensor } from '../core/safetensors.ts'
import type { Batch } from '../data/loader/batchLoader.ts'
import { size } from '../graph/tensor.ts'
import type { Network } from '../model/network.ts'
import type { StateDict } from '../model/stateDict.ts'
import { batchesSeen, FrozenEncoder, isEncoderFrozen } from './frozenEncoder.ts'
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

/** What is compiled for the epochs at hand. */
interface Programs {
  readonly network: Network
  readonly training: TrainingEngine
  /** Where it stands still; else it is part of the training program. */
  readonly encoder: FrozenEncoder | undefined
}

/** A compiled network with its weights and optimizer: computes gradients of batches and applies them. */
export class Trainer {
  private readonly engine: Engine
  private readonly plan: RunPlan
  private readonly batchSize: number
  private readonly optimizer: OptimizerDefinition
  private readonly args: Readonly<Record<string, unknown>>
  private programs: Programs
  /** What the engine does not hold: entries of the state dict outside the graph, and counters. */
  private outside: StateDict = new Map()
  /** undefined where the loss is not scaled. */
  private lossScale: LossScale | undefined

  /** @param epoch from 1: what it trains */
  static async compile(engine: Engine, plan: RunPlan, batchSize: number, epoch = 1): Promise<Trainer> {
    const isFrozen = isEncoderFrozen(plan, epoch)
    return new Trainer(engine, plan, batchSize, await programsOf(engine, plan, batchSize, isFrozen))
  }

  private constructor(engine: Engine, plan: RunPlan, batchSize: number, programs: Programs) {
    this.engine = engine
    this.plan = plan
    this.batchSize = batchSize
    this.programs = programs
    this.optimizer = optimizers.get(plan.config.optimizer.name)
    this.args = this.optimizer.arguments.parse(plan.config.optimizer)
    this.lossScale = numberForm(plan.config.train.precision).isScaled === true ? initialLossScale : undefined
  }

  get network(): Network {
    return this.programs.network
  }

  /** @param slots of the optimizer; those of parameters that have not been trained yet start at zero */
  load(state: StateDict, slots?: StateDict): void {
    const { training, encoder, network } = this.programs
    training.load(state)
    encoder?.load(state)
    if (slots !== undefined) training.loadSlots(completed(slots, network, this.optimizer.slots(this.args)))
    const scale = slots?.get(lossScaleKey)?.data
    if (this.lossScale !== undefined && scale instanceof Float32Array) this.lossScale = loadedLossScale(scale)
    this.outside = state
  }

  /**
   * Compiles what the epoch trains, where that is another part of the network than before: the state goes along. Moments of
   * what thaws begin at zero under the optimizer's count of steps, which is one for all parameters.
   * @param batches gradients computed since the weights were loaded
   */
  async enter(epoch: number, batches: number): Promise<void> {
    const isFrozen = isEncoderFrozen(this.plan, epoch)
    if (isFrozen === (this.programs.encoder !== undefined)) return
    const { outside } = this
    const [state, slots] = [await this.save(batches), await this.saveSlots()]
    await this.dispose()
    this.programs = await programsOf(this.engine, this.plan, this.batchSize, isFrozen)
    this.load(state, slots)
    // Counters still count from the weights that were loaded.
    this.outside = new Map([...state, ...outside])
  }

  /**
   * Weights and running statistics in the order and under the keys of SMP's state dict.
   * @param batches gradients computed since the weights were loaded: what BatchNorm counts
   */
  async save(batches: number): Promise<StateDict> {
    const trained = await this.programs.training.save()
    return new Map(
      this.network.declarations.map(({ key, kind }) => {
        const loaded = this.outside.get(key)!
        return [key, kind === 'counter' ? counted(loaded, this.seen(key, batches)) : (trained.get(key) ?? loaded)]
      }),
    )
  }

  private seen(key: string, batches: number): number {
    return batchesSeen(this.plan, key, batches, Math.floor(this.plan.train.length / this.batchSize))
  }

  /** The optimizer's, and the loss scale. */
  async saveSlots(): Promise<StateDict> {
    const slots = await this.programs.training.saveSlots()
    if (this.lossScale === undefined) return slots
    const scale = storedLossScale(this.lossScale)
    return new Map([...slots, [lossScaleKey, { shape: [scale.length], data: scale }]])
  }

  /** @param index of the batch since the start of the run: keys its stochastic depth */
  async computeGradient({ image, target }: Pick<Batch, 'image' | 'target'>, index: number): Promise<BatchResult> {
    const { training, encoder, network } = this.programs
    const factors = randomFactors(network.randomInputs, this.batchSize, this.plan.seed, index)
    const features = await encoder?.features(image)
    const scale = this.lossScale && { loss_scale: Float32Array.of(this.lossScale.scale) }
    const results = await training.computeGradient({ image, target, ...factors, ...features, ...scale })
    const parts = Object.entries(results).flatMap(([name, value]) =>
      name.startsWith('part:') ? [[name.slice('part:'.length), value[0]] as const] : [],
    )
    return { loss: results['loss'][0], parts: Object.fromEntries(parts), confusion: results['confusion'] }
  }

  /** Adds 1/of of the gradient to the sum of its group. */
  async accumulate(of: number, isFirst: boolean): Promise<void> {
    await this.programs.training.accumulateGradient(1 / of, isFirst)
  }

  /**
   * @param step counted from 1, skipped ones too
   * @throws UserError where no loss scale makes the gradients finite
   */
  async update(lr: number, step: number): Promise<StepResult> {
    const { optimizer, args, lossScale } = this
    const { training } = this.programs
    if (lossScale === undefined) return { gradientNorm: await training.update(optimizer.scalars(args, lr, step)) }
    const { scale, skippedSteps } = lossScale
    // To the optimizer a skipped step has never been.
    const scalars = optimizer.scalars(args, lr, step - skippedSteps)
    const gradientNorm = await training.update({ ...scalars, inverse_scale: 1 / scale })
    const isFinite = Number.isFinite(gradientNorm)
    this.lossScale = nextLossScale(lossScale, isFinite)
    return { gradientNorm, lossScale: scale, ...(!isFinite && { isSkipped: true }) }
  }

  async dispose(): Promise<void> {
    await this.programs.training.dispose()
    await this.programs.encoder?.dispose()
  }
}

async function programsOf(engine: Engine, plan: RunPlan, batchSize: number, isFrozen: boolean): Promise<Programs> {
  const { config, loss, rules } = plan
  const { checkpoint_activations: isCheckpointing, freeze_batchnorm: frozenStatistics, precision } = config.train
  const shape = { ...plan.size, batch: batchSize, classes: rules.classes.count }
  const frozen = { isEncoderOutside: isFrozen, frozenStatistics }
  const { network, gradient } = trainingProgram(config.model, loss, shape, isCheckpointing, precision, frozen)
  const optimizer = optimizers.get(config.optimizer.name)
  const args = optimizer.arguments.parse(config.optimizer)
  const training = await engine.compileTraining({
    gradient,
    update: updatePlan(optimizer, args, config.train.clip_grad_norm, numberForm(precision).isScaled),
    accumulate: config.data.accumulate_grad_batches,
  })
  return { network, training, encoder: isFrozen ? await FrozenEncoder.compile(engine, plan, batchSize) : undefined }
}

/** The optimizer's state with zeros where a parameter has none yet. */
function completed(slots: StateDict, { declarations }: Network, names: readonly string[]): StateDict {
  const parameters = declarations.filter(({ kind }) => kind === 'parameter')
  const fresh = names.flatMap((slot) =>
    parameters.map(({ key, shape }) => [`${slot}/${key}`, { shape, data: new Float32Array(size(shape)) }] as const),
  )
  return new Map([...fresh, ...slots])
}

function counted({ shape, data }: NamedTensor, batches: number): NamedTensor {
  return { shape, data: BigInt64Array.of(BigInt(data[0]) + BigInt(batches)) }
}

import type { Engine, TrainingEngine, UpdatePlan } from '../engines/engine.ts'
import type { NamedTensor } from '../core/safetensors.ts'
import type { Batch } from '../data/loader/batchLoader.ts'
import type { Network } from '../model/network.ts'
import type { Declaration } from '../model/networkParts.ts'
import type { StateDict } from '../model/stateDict.ts'
import { averageDecay, averageScalars, averageSlot, initialSlots, type AverageSettings } from './averageWeights.ts'
import { batchesSeen, FrozenEncoder, isEncoderFrozen } from './frozenEncoder.ts'
import { initialLossScale, loadedLossScale, nextLossScale, storedLossScale, type LossScale } from './lossScale.ts'
import { optimizers } from './optimizers/registry.ts'
import type { OptimizerDefinition } from './optimizers/optimizer.ts'
import { parameterGroups, type ParameterGroups } from './optimizers/parameterGroups.ts'
import { labelInputs, mixedLabels } from './mixing.ts'
import { numberForm } from '../engines/precision.ts'
import { trainingProgram } from './programs.ts'
import { randomFactors } from './randomFactors.ts'
import type { RunPlan } from './runPlan.ts'
import { SnapMixer } from './snapMixer.ts'
import { RunningAverage } from './runningAverage.ts'
import { inGroupOrder, stepScalars, updatePlan, type StepRates } from './updatePlan.ts'

/** What the network and its losses read of a batch. */
export type BatchData = Pick<Batch, 'image' | 'target'> & Partial<Pick<Batch, 'inputs' | 'second'>>

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
  /** State vectors of the optimizer. */
  readonly slots: readonly string[]
  /** Where it stands still; else it is part of the training program. */
  readonly encoder: FrozenEncoder | undefined
}

/** A compiled network with its weights and optimizer: computes gradients of batches and applies them. */
export class Trainer {
  private readonly engine: Engine
  private readonly plan: RunPlan
  private readonly batchSize: number
  private readonly optimizer: OptimizerDefinition
  private readonly groups: ParameterGroups
  /** Of the averaged weights (EMA); null without. */
  private readonly ema: AverageSettings | null
  private readonly mixer: SnapMixer | undefined
  private programs: Programs
  /** What the engine does not hold: entries of the state dict outside the graph, and counters. */
  private outside: StateDict = new Map()
  /** undefined where the loss is not scaled. */
  private lossScale: LossScale | undefined
  /** Averages of BatchNorm's running statistics, beside those of the weights. */
  private statistics: RunningAverage | undefined

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
    this.groups = groupsOf(plan, batchSize)
    this.ema = plan.config.train.ema ?? null
    this.mixer = SnapMixer.of(engine, plan)
    this.lossScale = numberForm(plan.config.train.precision).isScaled === true ? initialLossScale : undefined
  }

  get network(): Network {
    return this.programs.network
  }

  /** @param slots as `saveSlots` gave them; the state before the first step where they, or a parameter's, are missing */
  load(state: StateDict, slots: StateDict = new Map()): void {
    const { training, encoder, slots: names } = this.programs
    training.load(state)
    encoder?.load(state)
    training.loadSlots(new Map([...initialSlots(names, this.declared(state, 'parameter')), ...slots]))
    const scale = slots.get(lossScaleKey)?.data
    if (this.lossScale !== undefined && scale instanceof Float32Array) this.lossScale = loadedLossScale(scale)
    this.outside = state
    if (this.ema === null) return
    const averages = [...this.declared(state, 'buffer')].map(
      ([key, tensor]) => [key, slots.get(`${averageSlot}/${key}`) ?? tensor] as const,
    )
    this.statistics = new RunningAverage(new Map(averages))
  }

  private declared(state: StateDict, kind: Declaration['kind']): StateDict {
    const keys = this.network.declarations.filter((declaration) => declaration.kind === kind).map(({ key }) => key)
    return new Map(keys.map((key) => [key, state.get(key)!]))
  }

  /**
   * Compiles what the epoch trains, where that is another part of the network than before: the state goes along. Moments of
   * what thaws begin at zero, and so does its count of steps.
   * @param batches gradients computed since the weights were loaded
   */
  async enter(epoch: number, batches: number): Promise<void> {
    const isFrozen = isEncoderFrozen(this.plan, epoch)
    if (isFrozen === (this.programs.encoder !== undefined)) return
    const { outside } = this
    const [state, slots] = [await this.save(batches), await this.saveSlots()]
    await this.disposePrograms()
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
    return this.complete(await this.programs.training.save(), batches)
  }

  /** What validation and predictions use: the average of weights and running statistics where there is one (EMA). */
  async saveEvaluated(batches: number): Promise<StateDict> {
    if (this.ema === null) return this.save(batches)
    const averages = [...(await this.programs.training.saveSlots([averageSlot])), ...(this.statistics?.save() ?? [])]
    return this.complete(new Map(averages.map(([key, tensor]) => [key.slice(averageSlot.length + 1), tensor])), batches)
  }

  private complete(trained: StateDict, batches: number): StateDict {
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

  /** State of the optimizer under `SLOT/KEY`; averaged running statistics as if they were a slot's; the loss scale. */
  async saveSlots(): Promise<StateDict> {
    const slots = [...(await this.programs.training.saveSlots()), ...(this.statistics?.save() ?? [])]
    if (this.lossScale === undefined) return new Map(slots)
    const scale = storedLossScale(this.lossScale)
    return new Map([...slots, [lossScaleKey, { shape: [scale.length], data: scale }]])
  }

  /** @param index of the batch since the start of the run: keys its stochastic depth, and SnapMix, which mixes the batch here */
  async computeGradient(batch: BatchData, index: number): Promise<BatchResult> {
    const { training, encoder, network } = this.programs
    const whole = { ...batch, ...this.plan.size, count: this.batchSize }
    const mixed = await this.mixer?.mix(whole, index, async () => this.save(0))
    const { image } = mixed ?? batch
    const results = await training.computeGradient({
      image,
      ...labelInputs(mixedLabels(this.plan.config), { ...batch, ...mixed }),
      ...batch.inputs,
      ...randomFactors(network.randomInputs, this.batchSize, this.plan.seed, index),
      ...(await encoder?.features(image)),
      ...(this.lossScale && { loss_scale: Float32Array.of(this.lossScale.scale) }),
    })
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
  async update(rates: StepRates, step: number): Promise<StepResult> {
    const { scale, skippedSteps } = this.lossScale ?? { scale: 1, skippedSteps: 0 }
    // To the optimizer and to the average a skipped step has never been.
    const taken = step - skippedSteps
    const gradientNorm = await this.programs.training.update({
      ...stepScalars(this.optimizer, this.groups, rates, taken),
      ...(this.ema !== null && averageScalars(this.ema, taken)),
      ...(this.lossScale !== undefined && { inverse_scale: 1 / scale }),
    })
    const isSkipped = this.lossScale !== undefined && !Number.isFinite(gradientNorm)
    if (this.ema !== null && !isSkipped)
      this.statistics?.add(await this.programs.training.saveBuffers(), averageDecay(this.ema, taken))
    if (this.lossScale === undefined) return { gradientNorm }
    this.lossScale = nextLossScale(this.lossScale, !isSkipped)
    return { gradientNorm, lossScale: scale, ...(isSkipped && { isSkipped }) }
  }

  private async disposePrograms(): Promise<void> {
    await this.programs.training.dispose()
    await this.programs.encoder?.dispose()
  }

  async dispose(): Promise<void> {
    await this.mixer?.dispose()
    await this.disposePrograms()
  }
}

async function programsOf(engine: Engine, plan: RunPlan, batchSize: number, isFrozen: boolean): Promise<Programs> {
  const { config, loss, rules } = plan
  const { checkpoint_activations: isCheckpointing, freeze_batchnorm: frozenStatistics, precision } = config.train
  const shape = { ...plan.size, batch: batchSize, classes: rules.classes.count }
  const { network, gradient } = trainingProgram(config.model, loss, shape, {
    isCheckpointing,
    precision,
    labels: mixedLabels(config),
    isEncoderOutside: isFrozen,
    frozenStatistics,
  })
  const update = updatePlanOf(plan, groupsOf(plan, batchSize))
  const training = await engine.compileTraining({
    gradient: inGroupOrder(gradient, update),
    update,
    accumulate: config.data.accumulate_grad_batches,
  })
  const encoder = isFrozen ? await FrozenEncoder.compile(engine, plan, batchSize) : undefined
  return { network, training, slots: update.slots, encoder }
}

function groupsOf({ config, train }: RunPlan, batchSize: number): ParameterGroups {
  const args = optimizers.get(config.optimizer.name).arguments.parse(config.optimizer)
  const batches = Math.floor(train.length / batchSize)
  const stepsPerEpoch = Math.ceil(batches / config.data.accumulate_grad_batches)
  return parameterGroups(args, stepsPerEpoch * (config.train.freeze_encoder_epochs ?? 0))
}

function updatePlanOf({ config }: RunPlan, groups: ParameterGroups): UpdatePlan {
  const { clip_grad_norm: clipNorm, clip_grad_value: clipValue, ema = null, precision } = config.train
  const optimizer = optimizers.get(config.optimizer.name)
  const { isScaled } = numberForm(precision)
  const options = { clipValue, isAveraging: ema !== null, isScaled, groups }
  return updatePlan(optimizer, optimizer.arguments.parse(config.optimizer), clipNorm, options)
}

function counted({ shape, data }: NamedTensor, batches: number): NamedTensor {
  return { shape, data: BigInt64Array.of(BigInt(data[0]) + BigInt(batches)) }
}

import type { Engine, TrainingEngine } from '../engines/engine.ts'
import type { NamedTensor } from '../core/safetensors.ts'
import type { Batch } from '../data/loader/batchLoader.ts'
import type { Network } from '../model/network.ts'
import type { Declaration } from '../model/networkBuilder.ts'
import type { StateDict } from '../model/stateDict.ts'
import { optimizers } from './optimizers/registry.ts'
import type { OptimizerDefinition } from './optimizers/optimizer.ts'
import { trainingProgram } from './programs.ts'
import { randomFactors } from './randomFactors.ts'
import type { RunPlan } from './runPlan.ts'
import { averageDecay, averageScalars, averageSlot, initialSlots, type AverageSettings } from './averageWeights.ts'
import { RunningAverage } from './runningAverage.ts'
import { parameterGroups, type ParameterGroups } from './optimizers/parameterGroups.ts'
import { inGroupOrder, stepScalars, updatePlan, type StepRates } from './updatePlan.ts'

/** What one batch gave. */
export interface BatchResult {
  readonly loss: number
  readonly parts: Readonly<Record<string, number>>
  /** [N, C, C], rows = truth. */
  readonly confusion: ArrayLike<number>
}

/** A compiled network with its weights and optimizer: computes gradients of batches and applies them. */
export class Trainer {
  readonly network: Network
  private readonly compiled: TrainingEngine
  private readonly optimizer: OptimizerDefinition
  private readonly groups: ParameterGroups
  private readonly slots: readonly string[]
  /** Of the averaged weights (EMA); null without. */
  private readonly ema: AverageSettings | null
  private readonly batchSize: number
  private readonly seed: number
  /** What the engine does not hold: entries of the state dict outside the graph, and counters. */
  private outside: StateDict = new Map()
  private statistics: RunningAverage | undefined

  static async compile(engine: Engine, plan: RunPlan, batchSize: number): Promise<Trainer> {
    const { config, loss, size, rules } = plan
    const shape = { ...size, batch: batchSize, classes: rules.classes.count }
    const { network, gradient } = trainingProgram(config.model, loss, shape, config.train.checkpoint_activations)
    const optimizer = optimizers.get(config.optimizer.name)
    const args = optimizer.arguments.parse(config.optimizer)
    const { clip_grad_norm: clipNorm, clip_grad_value: clipValue, ema = null } = config.train
    const update = updatePlan(optimizer, args, clipNorm, { clipValue, isAveraging: ema !== null })
    const compiled = await engine.compileTraining({
      gradient: inGroupOrder(gradient, update),
      update,
      accumulate: config.data.accumulate_grad_batches,
    })
    const groups = parameterGroups(args)
    return new Trainer({ network, compiled, optimizer, groups, slots: update.slots, ema, batchSize, seed: plan.seed })
  }

  private constructor(parts: {
    readonly network: Network
    readonly compiled: TrainingEngine
    readonly optimizer: OptimizerDefinition
    readonly groups: ParameterGroups
    readonly slots: readonly string[]
    readonly ema: AverageSettings | null
    readonly batchSize: number
    readonly seed: number
  }) {
    this.network = parts.network
    this.compiled = parts.compiled
    this.optimizer = parts.optimizer
    this.groups = parts.groups
    this.slots = parts.slots
    this.ema = parts.ema
    this.batchSize = parts.batchSize
    this.seed = parts.seed
  }

  /** @param slots state of the optimizer, as `saveSlots` gave it; the state before the first step where left out */
  load(state: StateDict, slots?: StateDict): void {
    this.compiled.load(state)
    this.compiled.loadSlots(slots ?? initialSlots(this.slots, this.declared(state, 'parameter')))
    this.outside = state
    if (this.ema === null) return
    const statistics = this.declared(state, 'buffer')
    const averaged = Array.from(
      statistics,
      ([key, tensor]) => [key, slots?.get(`${averageSlot}/${key}`) ?? tensor] as const,
    )
    this.statistics = new RunningAverage(new Map(averaged))
  }

  private declared(state: StateDict, kind: Declaration['kind']): StateDict {
    const keys = this.network.declarations.filter((declaration) => declaration.kind === kind).map(({ key }) => key)
    return new Map(keys.map((key) => [key, state.get(key)!]))
  }

  /**
   * Weights and running statistics in the order and under the keys of SMP's state dict.
   * @param batches gradients computed since the weights were loaded: what BatchNorm counts
   */
  async save(batches: number): Promise<StateDict> {
    return this.complete(await this.compiled.save(), batches)
  }

  /** What validation and predictions use: the average of weights and running statistics where there is one (EMA). */
  async saveEvaluated(batches: number): Promise<StateDict> {
    if (this.ema === null) return this.save(batches)
    const averages = [...(await this.compiled.saveSlots([averageSlot])), ...(this.statistics?.save() ?? [])]
    return this.complete(new Map(averages.map(([key, tensor]) => [key.slice(averageSlot.length + 1), tensor])), batches)
  }

  private complete(trained: StateDict, batches: number): StateDict {
    return new Map(
      this.network.declarations.map(({ key, kind }) => {
        const loaded = this.outside.get(key)!
        return [key, kind === 'counter' ? counted(loaded, batches) : (trained.get(key) ?? loaded)]
      }),
    )
  }

  /** State of the optimizer under `SLOT/KEY`; averaged running statistics as if they were a slot's. */
  async saveSlots(): Promise<StateDict> {
    return new Map([...(await this.compiled.saveSlots()), ...(this.statistics?.save() ?? [])])
  }

  /** @param index of the batch since the start of the run: keys its stochastic depth */
  async computeGradient({ image, target }: Pick<Batch, 'image' | 'target'>, index: number): Promise<BatchResult> {
    const factors = randomFactors(this.network.randomInputs, this.batchSize, this.seed, index)
    const results = await this.compiled.computeGradient({ image, target, ...factors })
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
  async update(rates: StepRates, step: number): Promise<number> {
    const scalars = stepScalars(this.optimizer, this.groups, rates, step)
    const { ema } = this
    if (ema === null) return this.compiled.update(scalars)
    const norm = await this.compiled.update({ ...scalars, ...averageScalars(ema, step) })
    this.statistics?.add(await this.compiled.saveBuffers(), averageDecay(ema, step))
    return norm
  }

  async dispose(): Promise<void> {
    await this.compiled.dispose()
  }
}

function counted({ shape, data }: NamedTensor, batches: number): NamedTensor {
  return { shape, data: BigInt64Array.of(BigInt(data[0]) + BigInt(batches)) }
}

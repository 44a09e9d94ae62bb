import type { Size } from '../augment/sample.ts'
import type { ExperimentConfig, ModelConfig } from '../core/experiment.ts'
import type { InferenceSettings } from '../core/inferenceSettings.ts'
import { BatchLoader, type Batch } from '../data/loader/batchLoader.ts'
import type { Arrays, Engine, InferenceEngine } from '../engines/engine.ts'
import type { BatchNormFold } from '../graph/program.ts'
import { foldBatchNorm, type StateDict } from '../model/stateDict.ts'
import type { ValidationScores } from '../protocol/values.ts'
import type { ImageScores } from '../protocol/runFolder.ts'
import { checkMemory } from './inferenceMemory.ts'
import { systemMemory } from './memory/availableMemory.ts'
import { normalizationOf } from './initialWeights.ts'
import { inferenceProgram, type InferenceOutputs } from './programs.ts'
import type { RunPlan } from './runPlan.ts'
import { pooledScores, ScoreBoard } from './scoreBoard.ts'
import { windowedScores, type BatchScores } from './windowedScores.ts'

/** Sizes of images whose compiled programs are kept at the same time. */
const keptPrograms = 4

interface Compiled {
  readonly engine: InferenceEngine
  readonly folds: readonly BatchNormFold[]
}

export interface PredictorNetwork extends InferenceOutputs {
  readonly model: ModelConfig
  readonly classes: number
}

/** The forward pass of a network at whatever size comes along: programs are compiled when needed, weights given to each once. */
export class Predictor {
  private readonly engine: Engine
  private readonly network: PredictorNetwork
  private readonly availableBytes: number
  private readonly compiled = new Map<string, Compiled>()
  private readonly loaded = new Set<Compiled>()
  private state: StateDict = new Map()

  constructor(engine: Engine, network: PredictorNetwork, availableBytes = systemMemory().availableBytes) {
    this.engine = engine
    this.network = network
    this.availableBytes = availableBytes
  }

  use(state: StateDict): void {
    this.state = state
    this.loaded.clear()
  }

  /** Labels, loss and confusion of a batch; valid until the next one of the same size. */
  async run({
    image,
    target,
    count,
    height,
    width,
  }: Pick<Batch, 'image' | 'target' | 'count' | 'height' | 'width'>): Promise<Arrays> {
    const compiled = await this.programFor(count, { height, width })
    if (!this.loaded.has(compiled)) {
      compiled.engine.load(foldBatchNorm(this.state, compiled.folds))
      this.loaded.add(compiled)
    }
    return compiled.engine.run({ image, target })
  }

  private async programFor(batch: number, { height, width }: Size): Promise<Compiled> {
    const key = `${batch}x${height}x${width}`
    const known = this.compiled.get(key)
    if (known !== undefined) return known
    if (this.compiled.size >= keptPrograms) {
      const [[oldest, { engine }]] = this.compiled
      this.compiled.delete(oldest)
      await engine.dispose()
    }
    const { model, classes } = this.network
    const { program } = inferenceProgram(model, { batch, height, width, classes }, this.network)
    checkMemory(program, { height, width }, this.availableBytes)
    const compiled = { engine: await this.engine.compileInference(program), folds: program.folds }
    this.compiled.set(key, compiled)
    return compiled
  }

  async dispose(): Promise<void> {
    for (const { engine } of this.compiled.values()) await engine.dispose()
  }
}

export interface ValidationResult {
  readonly scores: ValidationScores
  readonly images: readonly ImageScores[]
}

/** Whole images may be many times larger than training crops; forward alone takes a third of the memory. */
export function validationBatch({ data, inference }: Pick<ExperimentConfig, 'data' | 'inference'>): number {
  return inference.window === 'whole' ? Math.min(data.batch_size, 4) : 1
}

/** What validation of a plan needs of the network. */
export function validationPredictor(engine: Engine, { config, rules, loss }: RunPlan): Predictor {
  const probabilities = config.inference.window !== 'whole'
  return new Predictor(engine, { model: config.model, classes: rules.classes.count, loss, probabilities })
}

/** Validation images in a fixed order, without random transforms; whole images where the experiment does not resize. */
export class Validation {
  private readonly loader: BatchLoader
  private readonly predictor: Predictor
  private readonly classes: readonly string[]
  private readonly inference: InferenceSettings

  constructor(plan: RunPlan, predictor: Predictor, workers: number) {
    const { config, rules, validation, size } = plan
    this.predictor = predictor
    this.classes = rules.classes.names
    this.inference = config.inference
    this.loader = new BatchLoader({
      entries: validation,
      rules,
      resize: config.data.image_size,
      augment: [],
      mix: null,
      ...normalizationOf(config.model),
      seed: config.train.seed,
      batchSize: validationBatch(config),
      ...size,
      workers,
    })
  }

  /** @param onBatch sees every batch with its labels [count·H·W], e.g. to write pictures */
  async run(
    state: StateDict,
    onBatch?: (batch: Batch, labels: Int32Array) => Promise<void>,
  ): Promise<ValidationResult> {
    const board = new ScoreBoard(this.classes)
    this.predictor.use(state)
    for await (const batch of this.loader.validation()) {
      const { labels, loss, confusion } = await this.resultsOf(batch)
      board.add(batch.names, loss, confusion)
      await onBatch?.(batch, labels)
    }
    return { scores: board.scores, images: board.images }
  }

  private async resultsOf(batch: Batch): Promise<BatchScores> {
    const { window } = this.inference
    if (window !== 'whole') return windowedScores(batch, window, this.inference, this.classes.length, this.predictor)
    const { labels, loss, confusion } = await this.predictor.run(batch)
    return { labels: labels as Int32Array, loss: loss[0], confusion }
  }

  /** Scores of stored tables. */
  pooled(images: readonly ImageScores[]): Omit<ValidationScores, 'loss'> {
    return pooledScores(images, this.classes)
  }

  async dispose(): Promise<void> {
    await this.loader.dispose()
  }
}

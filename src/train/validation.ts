import type { Size } from '../augment/sample.ts'
import { isPlain, viewsOf } from '../augment/testTime.ts'
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
import { pixelInputsOf } from './losses/registry.ts'
import type { RunPlan } from './runPlan.ts'
import { pooledScores, ScoreBoard } from './scoreBoard.ts'
import type { BatchData } from './trainer.ts'
import { windowedScores, type BatchScores } from './windowedScores.ts'

/** Sizes of images whose compiled programs are kept at the same time, at each scale of test-time augmentation. */
const keptPrograms = 4

interface Compiled {
  readonly engine: InferenceEngine
  readonly folds: readonly BatchNormFold[]
}

export interface PredictorNetwork extends InferenceOutputs {
  readonly model: ModelConfig
  readonly classes: number
  /** At how many scales each image is predicted; one where left out. */
  readonly scales?: number
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
    inputs,
    count,
    height,
    width,
  }: BatchData & Pick<Batch, 'count' | 'height' | 'width'>): Promise<Arrays> {
    const compiled = await this.programFor(count, { height, width })
    if (!this.loaded.has(compiled)) {
      compiled.engine.load(foldBatchNorm(this.state, compiled.folds))
      this.loaded.add(compiled)
    }
    return compiled.engine.run({ image, target, ...inputs })
  }

  private async programFor(batch: number, { height, width }: Size): Promise<Compiled> {
    const key = `${batch}x${height}x${width}`
    const known = this.compiled.get(key)
    if (known !== undefined) return known
    if (this.compiled.size >= keptPrograms * (this.network.scales ?? 1)) {
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
  /** Pixels, rows = truth, columns = prediction, in the order of the classes. */
  readonly confusion: readonly (readonly number[])[]
}

/** Whole images may be many times larger than training crops; forward alone takes a third of the memory. */
export function validationBatch({ data, inference }: Pick<ExperimentConfig, 'data' | 'inference'>): number {
  return isInPieces(inference) ? 1 : Math.min(data.batch_size, 4)
}

/** Whether labels come from softmax that is averaged, over windows or over views. */
export function isInPieces({ window, tta, tta_scales: scales }: InferenceSettings): boolean {
  return window !== 'whole' || !viewsOf(tta, scales).every(isPlain)
}

/** What validation of a plan needs of the network. */
export function validationPredictor(engine: Engine, { config, rules, loss }: RunPlan): Predictor {
  const { model, inference } = config
  const probabilities = isInPieces(inference)
  const scales = inference.tta_scales.length
  return new Predictor(engine, { model, classes: rules.classes.count, loss, probabilities, scales })
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
      pixelInputs: pixelInputsOf(plan.loss),
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
    return { scores: board.scores, images: board.images, confusion: board.confusion }
  }

  private async resultsOf(batch: Batch): Promise<BatchScores> {
    const { inference } = this
    if (isInPieces(inference)) {
      const window = inference.window === 'whole' ? ([batch.height, batch.width] as const) : inference.window
      return windowedScores(batch, window, inference, this.classes.length, this.predictor)
    }
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

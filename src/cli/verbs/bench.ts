import type { Command } from 'commander'
import { benchmark, type Benchmark } from '../../train/benchmark.ts'
import { planRun } from '../../train/runPlan.ts'
import {
  addEngineOptions,
  addMemoryOption,
  engineRequest,
  memoryRequest,
  wholeNumber,
  type EngineOptions,
  type MemoryOptions,
} from '../arguments.ts'
import { outputOf, workspaceOf } from '../globalOptions.ts'
import { projectFolds } from '../projectFolds.ts'

interface BenchOptions extends EngineOptions, MemoryOptions {
  readonly fold: number
  readonly steps: number
}

/** `foldwise bench NAME`. */
export function addBench(program: Command): void {
  const command = program
    .command('bench')
    .summary('how long an experiment takes on this machine')
    .description(
      'Takes some steps of an experiment on its own images, validates once, and foretells how long its folds take. Writes nothing.',
    )
    .argument('<NAME>', 'experiment: the name of a file in foldwise/experiments')
    .option('--fold <K>', 'number of the fold whose images are used', wholeNumber(0), 0)
    .option('--steps <N>', 'steps to measure, after three that warm up', wholeNumber(1), 10)
    .addHelpText('after', '\nRun it while nothing else runs: other work makes every time longer.')
  addMemoryOption(addEngineOptions(command)).action(bench)
}

async function bench(experiment: string, options: BenchOptions, command: Command): Promise<void> {
  const workspace = workspaceOf(command)
  const output = outputOf(command)
  const plan = await planRun(workspace, experiment, options.fold, null)
  output.warnings(plan.warnings)
  const result = await benchmark(plan, { ...engineRequest(options), ...memoryRequest(options) }, options.steps)
  const { epochs } = plan.config.train
  const folds = (await projectFolds(workspace)).folds.length
  const foldMs = result.startMs + epochs * result.epochMs
  output.result(
    { type: 'bench', experiment, fold: options.fold, epochs, folds, ...result, foldMs, allFoldsMs: folds * foldMs },
    [...lines(result), '', ...forecast(foldMs, epochs, folds)].join('\n'),
  )
}

function lines(result: Benchmark): readonly string[] {
  const { batch, gradientMs, updateMs, dataWaitMs, validationMsPerImage, startMs, peakBytes, memory } = result
  return [
    `${result.engine}/${result.lowering} on ${result.device}, ${result.threads} threads`,
    `step        ${milliseconds(gradientMs + updateMs)} for ${batch.images} images of ${batch.width} × ${batch.height} (optimizer ${milliseconds(updateMs)}; waits ${milliseconds(dataWaitMs)} for images)`,
    `training    ${result.imagesPerSecond.toFixed(1)} images a second`,
    `validation  ${milliseconds(validationMsPerImage)} an image`,
    `first step  after ${(startMs / 1000).toFixed(1)} s`,
    `memory      ${mebibytes(peakBytes)} at most${memory === undefined ? '' : ` (estimated before: ${mebibytes(memory.neededBytes)})`}`,
    ...checkpointing(result),
  ]
}

/** What `train.checkpoint_activations` saves, as estimated, and costs, as measured just now. */
function checkpointing({ memory, gradientMs, updateMs, keepingMs }: Benchmark): readonly string[] {
  if (memory?.checkpointing === undefined) return []
  const saved = `about ${mebibytes(memory.checkpointing.savedBytes)} less by computing activations again`
  if (keepingMs === undefined) return [`            ${saved}`]
  const price = (100 * (gradientMs - keepingMs)) / (keepingMs + updateMs)
  return [
    `            ${saved}; a step that keeps them takes ${milliseconds(keepingMs + updateMs)} (price: ${price.toFixed(0)} %)`,
  ]
}

function forecast(foldMs: number, epochs: number, folds: number): readonly string[] {
  const all = folds > 1 ? [`All ${folds} folds: about ${duration(folds * foldMs)}, one after another.`] : []
  return [`One fold of ${epochs} epochs: about ${duration(foldMs)}.`, ...all]
}

function milliseconds(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`
}

/** Two figures: a forecast has no more. */
function duration(value: number): string {
  const seconds = value / 1000
  if (seconds < 90) return `${Math.round(seconds)} s`
  const minutes = seconds / 60
  return minutes < 90 ? `${Math.round(minutes)} min` : `${(minutes / 60).toFixed(1)} h`
}

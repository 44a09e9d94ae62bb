import { Option, type Command } from 'commander'
import { UserError } from '../../core/errors.ts'
import { readProject } from '../../runs/project.ts'
import { benchmark, type Benchmark } from '../../train/benchmark.ts'
import { planRun, type RunPlan } from '../../train/runPlan.ts'
import { trainingEngines } from '../../train/trainingEngines.ts'
import {
  addEngineOptions,
  addMemoryOption,
  engineRequest,
  memoryRequest,
  wholeNumber,
  type EngineOptions,
  type MemoryOptions,
} from '../arguments.ts'
import { benchEngine } from '../benchDevices.ts'
import { outputOf, workspaceOf } from '../globalOptions.ts'
import { benchTable, type BenchRecord } from '../output/benchTable.ts'
import { forecast, measuredLines } from '../output/benchText.ts'
import type { Output } from '../output/output.ts'
import { projectFolds } from '../projectFolds.ts'

interface BenchOptions extends EngineOptions, MemoryOptions {
  readonly fold: number
  readonly steps: number
  readonly allDevices?: boolean
}

/** `foldwise bench [NAME]`. */
export function addBench(program: Command): void {
  const command = program
    .command('bench')
    .summary('how long an experiment takes on this machine')
    .description(
      'Takes some steps of an experiment on its own images, validates, and foretells how long its folds take. Writes nothing.',
    )
    .argument('[NAME]', 'experiment: the name of a file in foldwise/experiments (default: the baseline)')
    .option('--fold <K>', 'number of the fold whose images are used', wholeNumber(0), 0)
    .option('--steps <N>', 'steps to measure, after three that warm up', wholeNumber(1), 10)
    .addOption(
      new Option('--all-devices', 'one after another, everything that "foldwise devices" finds ready').conflicts([
        'engine',
        'device',
      ]),
    )
    .addHelpText('after', '\nRun it while nothing else runs: other work makes every time longer.')
  addMemoryOption(addEngineOptions(command)).action(bench)
}

async function bench(name: string | undefined, options: BenchOptions, command: Command): Promise<void> {
  const workspace = workspaceOf(command)
  const output = outputOf(command)
  const experiment = name ?? readProject(workspace).project.baseline
  const plan = await planRun(workspace, experiment, options.fold, null)
  output.warnings(plan.warnings)
  if (options.allDevices === true) {
    await benchAll(experiment, workspace.root, options, output)
    return
  }
  const result = await measured(plan, options, output)
  const { epochs } = plan.config.train
  const folds = (await projectFolds(workspace)).folds.length
  const foldMs = result.startMs + epochs * result.epochMs
  const outlook = { foldMs, allFoldsMs: folds * foldMs }
  output.result(
    { type: 'bench', experiment, fold: options.fold, epochs, folds, ...result, ...outlook } satisfies BenchRecord,
    [`${experiment}, fold ${options.fold}`, ...measuredLines(result), '', ...forecast(foldMs, epochs, folds)].join(
      '\n',
    ),
  )
}

/** Says on the way what it is doing. */
async function measured(plan: RunPlan, options: BenchOptions, output: Output): Promise<Benchmark> {
  const phases = benchmark(plan, { ...engineRequest(options), ...memoryRequest(options) }, options.steps)
  for (;;) {
    const next = await phases.next()
    if (next.done === true) return next.value
    output.message(`${next.value} …`)
  }
}

/** A device that fails is told; the others are measured all the same. */
async function benchAll(
  experiment: string,
  root: string,
  { fold, steps, threads, ignoreMemory }: BenchOptions,
  output: Output,
): Promise<void> {
  const words = [experiment, '--project', root, '--fold', String(fold), '--steps', String(steps)]
  if (threads !== undefined) words.push('--threads', String(threads))
  if (ignoreMemory === true) words.push('--ignore-memory')
  const records: BenchRecord[] = []
  for (const choice of await trainingEngines()) {
    const { engine, device } = choice
    output.message(`measuring --engine ${engine} on ${device} …`)
    const record = await benchEngine(choice, words)
    if (typeof record === 'string') {
      if (output.isJson) output.record({ type: 'bench-failed', experiment, engine, device, message: record })
      output.message(`--engine ${engine} on ${device}: ${record}`)
      continue
    }
    if (output.isJson) output.record({ ...record })
    records.push(record)
  }
  if (records.length === 0) throw nothingMeasured()
  if (output.isJson) return
  const [{ epochs, folds }] = records
  output.line(`${experiment}, fold ${fold}; forecast of ${epochs} epochs, ${folds} folds one after another`)
  output.line(benchTable(records))
}

function nothingMeasured(): UserError {
  return new UserError('Nothing of this machine could take a step of this experiment.', {
    hint: 'The messages above say why; a smaller data.batch_size or data.image_size needs less memory.',
    code: 'no-engine',
  })
}

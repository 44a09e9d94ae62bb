import type { ExperimentConfig } from '../core/experiment.ts'
import { defaultInference } from '../core/inferenceSettings.ts'
import type { Engine } from '../engines/engine.ts'
import type { NewRunEvent } from '../protocol/events.ts'
import type { RunRecord, RunResult } from '../protocol/runFolder.ts'
import type { BestEpoch } from '../protocol/values.ts'
import { allVersions, gitState, hostFacts } from '../runs/provenance.ts'
import type { Workspace } from '../runs/workspace.ts'
import type { Progress } from './checkpoint.ts'
import type { MemoryFacts } from './memory/memoryCheck.ts'
import { productVersion } from './productVersion.ts'
import type { RunPlan } from './runPlan.ts'

/** `run.json`: what was to be trained, on what, by which versions. */
export async function recordOf(
  plan: RunPlan,
  run: string,
  engine: Engine,
  workspace: Workspace,
  memory?: MemoryFacts,
): Promise<RunRecord> {
  const git = await gitState(workspace.root)
  const { experiment, fold, seed, config, configHash, projectHash, splitHash, dataHash, rules } = plan
  const classes = rules.classes.ids.map((id, index) => {
    const color = rules.classes.colors[index]
    return { id, name: rules.classes.names[index], ...(color === undefined ? {} : { color }) }
  })
  return {
    v: 1,
    run,
    experiment,
    fold,
    seed,
    created: new Date().toISOString(),
    config: { ...config },
    configHash,
    projectHash,
    splitHash,
    dataHash,
    classes,
    device: engine.device,
    engine: engineFacts(engine),
    threads: engine.threads,
    versions: versionsOf(engine),
    host: hostFacts(),
    ...(memory === undefined ? {} : { memory }),
    ...(git === undefined ? {} : { git }),
  }
}

/** The configuration that a run was trained with; runs of earlier versions recorded fewer inference settings, or none. */
export function configOf({ config }: RunRecord): ExperimentConfig {
  const inference = { ...defaultInference, ...(config['inference'] as object | undefined) }
  return { ...config, inference } as unknown as ExperimentConfig
}

/** The first event of a start or a resume. */
export function startedEvent(plan: RunPlan, record: RunRecord, engine: Engine, resumed?: Progress): NewRunEvent {
  return {
    type: 'started',
    run: record.run,
    experiment: plan.experiment,
    fold: plan.fold,
    seed: plan.seed,
    config: { ...plan.config },
    device: engine.device,
    engine: engineFacts(engine),
    threads: engine.threads,
    versions: versionsOf(engine),
    images: { train: plan.train.length, valid: plan.validation.length },
    classes: record.classes,
    splitHash: plan.splitHash,
    ...(resumed === undefined ? {} : { resumed: { epoch: resumed.epoch, step: resumed.step } }),
  }
}

/** `results/RUN.json`: what the team shares of a finished run. */
export function resultOf(
  record: RunRecord,
  engine: Engine,
  best: BestEpoch,
  { scores, confusion }: Pick<RunResult, 'scores' | 'confusion'>,
  durationMs: number,
): RunResult {
  const { run, experiment, fold, seed, configHash, splitHash, dataHash, config } = record
  return {
    v: 1,
    run,
    experiment,
    fold,
    seed,
    best,
    scores,
    confusion,
    splitHash,
    dataHash,
    configHash,
    config,
    engine: engineFacts(engine),
    versions: versionsOf(engine),
    durationMs,
    finished: new Date().toISOString(),
  }
}

function engineFacts({ name, lowering, determinism }: Engine): RunRecord['engine'] {
  return { name, lowering, determinism }
}

function versionsOf(engine: Engine): Record<string, string> {
  return allVersions({ foldwise: productVersion, ...engine.versions })
}

import { stream } from '../core/random.ts'
import { judgeSlope } from '../core/slope.ts'
import type { ImagePair } from '../data/folders.ts'
import type { Engine } from '../engines/engine.ts'
import type { NewRunEvent, RunEvent } from '../protocol/events.ts'
import { RunFolder } from '../runs/runFolder.ts'
import { chooseEngine } from './engineChoice.ts'
import { held } from './heldRun.ts'
import { initialWeights } from './initialWeights.ts'
import { trainingLoader } from './loop.ts'
import { planRun, type RunPlan } from './runPlan.ts'
import { recordOf } from './runRecord.ts'
import { train } from './train.ts'
import type { TrainRequest } from './trainFold.ts'
import { Trainer } from './trainer.ts'

export interface DebugOutcome {
  readonly run: string
  readonly path: string
  readonly state: 'finished' | 'stopped'
  /** Whether no check failed; an unclear one does not count as failed. */
  readonly holds: boolean
}

/** Updates on one batch; a sound network and loss at least halve their loss in these. */
const overfitSteps = 30
const overfitShare = 0.5

/**
 * A quick run that finds what is broken before hours are spent: trains on a few images for an epoch or two, then says
 * whether the loss falls and whether one batch can be learnt by heart. Its result is not shared with the team.
 */
export async function* debugRun(request: TrainRequest): AsyncGenerator<RunEvent, DebugOutcome> {
  const { workspace, experiment, fold, seed } = request
  const plan = debugPlan(await planRun(workspace, experiment, fold, seed))
  const chosen = await chooseEngine(request.engine)
  const run = await RunFolder.create(workspace, { experiment: `${experiment}-debug`, fold, seed: plan.seed })
  return yield* held<DebugOutcome>(run, async function* (session) {
    const record = await recordOf(plan, run.name, chosen.engine, workspace)
    await session.writeRecord(record)
    const losses: number[] = []
    const training = train({ workspace, plan, session, record, isShared: false, ...chosen })
    let next = await training.next()
    for (; next.done !== true; next = await training.next()) {
      if (next.value.type === 'step') losses.push(next.value.loss ?? Number.NaN)
      yield next.value
    }
    const { state, path } = next.value
    if (state === 'stopped') return { run: run.name, path, state, holds: true }

    const checks = [lossCheck(losses), await overfitCheck(chosen.engine, plan)]
    for (const check of checks) yield session.append(check)
    return { run: run.name, path, state, holds: checks.every(({ verdict }) => verdict !== 'fail') }
  })
}

/** A seeded subset, few epochs; the schedule's own length stays that of the experiment, so the rate does not fall to 0. */
function debugPlan(plan: RunPlan): RunPlan {
  const { samples, epochs } = plan.project.debug
  const subset = (pairs: readonly ImagePair[], part: string): readonly ImagePair[] => {
    const chosen = stream(plan.seed, 'debug', part)
      .shuffle([...pairs])
      .slice(0, samples)
    return pairs.filter((pair) => chosen.includes(pair))
  }
  const { train: trainConfig, scheduler } = plan.config
  const length = scheduler.name === 'CosineAnnealingLR' ? { T_max: scheduler['T_max'] ?? trainConfig.epochs } : {}
  return {
    ...plan,
    config: { ...plan.config, train: { ...trainConfig, epochs }, scheduler: { ...scheduler, ...length } },
    train: subset(plan.train, 'train'),
    validation: subset(plan.validation, 'validation'),
  }
}

type Check = Extract<NewRunEvent, { type: 'check' }>

/** Theil–Sen slope over the steps: one lucky or unlucky batch does not decide. */
function lossCheck(losses: readonly number[]): Check {
  const { verdict, slope } = judgeSlope(losses)
  const change = slope === null ? '' : `, by ${Math.abs(slope).toPrecision(2)} per step`
  const messages = {
    falls: `The loss falls${slope === null ? '' : change}.`,
    'does not fall': 'The loss does not fall: look at the learning rate, the masks and the class ids.',
    unclear: `${losses.length} steps are too few or too noisy to tell: raise debug.samples or debug.epochs in project.jsonc.`,
  }
  return {
    type: 'check',
    name: 'loss falls',
    verdict: verdict === 'falls' ? 'pass' : verdict === 'unclear' ? 'unclear' : 'fail',
    message: messages[verdict],
    values: { losses: losses.map((loss) => (Number.isFinite(loss) ? loss : null)), slope },
  }
}

/** Fresh weights on one fixed batch, augmented once. */
async function overfitCheck(engine: Engine, plan: RunPlan): Promise<Check> {
  const loader = trainingLoader(plan)
  const trainer = await Trainer.compile(engine, plan, loader.trainBatchSize)
  const losses: number[] = []
  try {
    trainer.load(await initialWeights(plan.config.model, trainer.network, plan.seed))
    for await (const batch of loader.train(1)) {
      for (let step = 1; step <= overfitSteps; step++) {
        losses.push((await trainer.computeGradient(batch, 0)).loss)
        if (plan.config.data.accumulate_grad_batches > 1) await trainer.accumulate(1, true)
        await trainer.update(plan.config.optimizer.lr, step)
      }
      break
    }
  } finally {
    await loader.dispose()
    await trainer.dispose()
  }
  const [first, last] = [losses[0], losses[losses.length - 1]]
  const isLearnt = last < first * overfitShare
  return {
    type: 'check',
    name: 'one batch is learnt by heart',
    verdict: isLearnt ? 'pass' : 'fail',
    message: isLearnt
      ? `Loss ${first.toFixed(3)} → ${last.toFixed(3)} in ${overfitSteps} steps on one batch.`
      : `Loss ${first.toFixed(3)} → ${last.toFixed(3)} in ${overfitSteps} steps on one batch, which should at least halve it: look at the learning rate and at whether masks belong to images.`,
    values: { losses: losses.map((loss) => (Number.isFinite(loss) ? loss : null)) },
  }
}

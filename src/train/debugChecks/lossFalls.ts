import { UserError } from '../../core/errors.ts'
import { judgeSlope } from '../../core/slope.ts'
import type { RunSession } from '../../runs/runSession.ts'
import type { RunPlan } from '../runPlan.ts'
import { measuredCurve, type CheckWork, type Finding } from './check.ts'
import { debugTraining } from './debugTraining.ts'
import type { Workbench } from './workbench.ts'

/** Fresh weights give about the loss of guessing: who ends so many times above it has lost control. */
const controlFactor = 2
/** Relative movement of all weights over the training: less is rounding. */
const leastMovement = 1e-6

/** The debug training, judged by the losses of its steps. */
export async function* lossFalls(bench: Workbench, session: RunSession): CheckWork {
  const losses: number[] = []
  try {
    const training = debugTraining(bench, session)
    let next = await training.next()
    for (; next.done !== true; next = await training.next()) {
      if (next.value.type === 'step') losses.push(next.value.loss ?? Number.NaN)
      yield next.value
    }
    const { state, movement } = next.value
    return state === 'stopped' ? 'stopped' : judged(losses, movement, bench.plan)
  } catch (error) {
    // Other checks can still find the cause.
    if (!(error instanceof UserError) || error.details.code !== 'nan-loss') throw error
    return diverged(losses, String(error.details.value), bench.plan)
  }
}

/** Theil–Sen slope over the steps: one lucky or unlucky batch does not decide. */
function judged(losses: readonly number[], movement: number, plan: RunPlan): Finding {
  const { verdict, slope } = judgeSlope(losses)
  const values = { losses: measuredCurve(losses), slope, movement: Number.isFinite(movement) ? movement : null }
  const fail = (reason: string): Finding => ({ verdict: 'fail', reason, values })
  const { lr } = plan.config.optimizer
  const end = median(losses.slice(losses.length >> 1))
  if (losses.every((loss) => loss === 0))
    return fail(
      'The loss is 0 at every step: no pixel counts. Compare ignore_index and the ids of classes in project.jsonc with the values in the masks, and look at class weights of 0.',
    )
  if (end > losses[0] * controlFactor)
    return fail(
      `The loss rises, from ${losses[0].toPrecision(3)} to ${end.toPrecision(3)}: the learning rate (${lr}) is too high. Try a tenth of it.`,
    )
  if (movement < leastMovement)
    return fail(`The weights do not move, so that nothing is learnt: the learning rate (${lr}) is too low.`)
  switch (verdict) {
    case 'falls':
      return { verdict: 'pass', reason: `The loss falls${perStep(slope)}.`, values }
    case 'unclear':
      return { verdict: 'unclear', reason: tooFewSteps(losses.length, plan), values }
    case 'does not fall':
      return fail(
        `The loss does not fall: try another learning rate (it is ${lr}), and look at the masks and the ids of classes in project.jsonc.`,
      )
    default:
      return verdict satisfies never
  }
}

function perStep(slope: number | null): string {
  return slope === null ? '' : `, by ${Math.abs(slope).toPrecision(2)} per step`
}

function tooFewSteps(steps: number, { train, project }: RunPlan): string {
  // Where every training image is in the subset already, more samples change nothing.
  const remedy = train.length < project.debug.samples ? 'debug.epochs' : 'debug.samples or debug.epochs'
  return `${steps} ${steps === 1 ? 'step is' : 'steps are'} too few or too noisy to tell: raise ${remedy} in project.jsonc.`
}

function diverged(losses: readonly number[], last: string, { config }: RunPlan): Finding {
  const { optimizer, train } = config
  const clip = train.clip_grad_norm === null ? ', or train.clip_grad_norm 1' : ''
  const remedy =
    losses.length === 0
      ? 'This is the first step: look at the pretrained weights and at class weights of 0.'
      : `Most likely the learning rate (${optimizer.lr}) is too high: try a tenth of it${clip}.`
  return {
    verdict: 'fail',
    reason: `The loss became ${last} at step ${losses.length + 1}. ${remedy}`,
    values: { losses: [...measuredCurve(losses), null], slope: null },
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]
}

import { judgeSlope } from '../../core/slope.ts'
import type { Batch } from '../../data/loader/batchLoader.ts'
import type { RunPlan } from '../runPlan.ts'
import { batchPicture } from './batchPicture.ts'
import { measuredCurve, type CheckWork, type Finding } from './check.ts'
import { trainStep } from './trainSteps.ts'
import type { Workbench } from './workbench.ts'

/** Updates on one batch; a sound network and loss at least halve their loss in these. */
const steps = 30
const learntShare = 0.5
/** Less above the first loss is rounding, not a rise: a learning rate far too low is not to be lowered. */
const risenShare = 1.01
/** So little of the first loss that there is nothing left to show. */
const enoughShare = 0.2

/** Fresh weights on one fixed batch, augmented once; not mixed, as nobody can learn two images' labels at a pixel by heart. */
export async function* overfitsOneBatch(bench: Workbench): CheckWork {
  const { plan, loader } = bench
  const trainer = await bench.freshTrainer()
  for await (const batch of loader.train(1, 0, false)) {
    const losses: number[] = []
    while (isWorthAnotherStep(losses)) {
      const { loss } = await trainStep(plan, trainer, batch, { index: 0, step: losses.length + 1 })
      losses.push(loss)
      yield 'step'
    }
    const finding = judged(losses, batch, plan)
    if (finding.verdict === 'pass' || !losses.every(Number.isFinite)) return finding
    const { image, png } = await batchPicture(bench, batch, await trainer.save(losses.length))
    return { ...finding, values: { ...finding.values, image }, picture: png }
  }
  throw new Error('an epoch without a batch')
}

function isWorthAnotherStep(losses: readonly number[]): boolean {
  const last = losses.at(-1)
  if (last === undefined) return true
  // Not so where all is ignored: a loss of 0 stays one.
  return losses.length < steps && Number.isFinite(last) && last > losses[0] * enoughShare
}

function judged(losses: readonly number[], batch: Batch, { config, rules }: RunPlan): Finding {
  const values = { losses: measuredCurve(losses) }
  const [first, last] = [losses[0], losses[losses.length - 1]]
  const { lr } = config.optimizer
  const course = `Loss ${first.toPrecision(4)} → ${last.toPrecision(4)} in ${losses.length} steps on one batch`
  if (!Number.isFinite(last)) {
    const remedy = losses.length === 1 ? 'look at the pretrained weights' : `try a tenth of the learning rate (${lr})`
    return { verdict: 'fail', reason: `The loss became ${last} at step ${losses.length}: ${remedy}.`, values }
  }
  if (!batch.target.some((label) => label < rules.classes.count))
    return {
      verdict: 'fail',
      reason:
        'Every pixel of the batch is ignored: compare ignore_index in project.jsonc with the values in the masks.',
      values,
    }
  if (last < first * learntShare) return { verdict: 'pass', reason: `${course}.`, values }
  if (last > first * risenShare)
    return { verdict: 'fail', reason: `${course}: it rises. Try a tenth of the learning rate (${lr}).`, values }
  if (judgeSlope(losses).verdict === 'falls')
    return {
      verdict: 'unclear',
      reason: `${course}: it falls, but not by half. The learning rate (${lr}) may be low for these few steps; look at the picture.`,
      values,
    }
  return {
    verdict: 'fail',
    reason: `${course}, which should at least halve it: try another learning rate (it is ${lr}), and see in the picture whether the masks belong to their images.`,
    values,
  }
}

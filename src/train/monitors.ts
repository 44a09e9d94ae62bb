import { earlyStop } from '../core/earlyStopping.ts'
import { UserError } from '../core/errors.ts'
import type { ExperimentConfig } from '../core/experiment.ts'
import { isBetter, monitoredValue, monitorsOf } from '../core/monitor.ts'
import { nearestName } from '../core/nearest.ts'
import type { Project } from '../core/projectSchema.ts'
import type { BestEpoch, ValidationScores } from '../protocol/values.ts'
import type { Progress } from './checkpoint.ts'
import type { RunPlan } from './runPlan.ts'

type Monitored = Pick<RunPlan, 'config' | 'project'>

/** The score that picks the best epoch. */
export function monitorOf({ config, project }: Monitored): string {
  return config.train.monitor ?? project.primary_metric
}

/** The score that early stopping watches; where there is none, it is that of the best epoch. */
function watchedOf(plan: Monitored): string {
  return plan.config.train.early_stopping?.monitor ?? monitorOf(plan)
}

/** What schedules and early stopping remember of an epoch. */
export function rememberedScores(plan: Monitored, scores: ValidationScores): Progress['scores'][number] {
  const metric = scores[plan.project.primary_metric]
  return { loss: scores.loss, metric, watched: monitoredValue(scores, watchedOf(plan)) }
}

/** The epoch if it is better than the best so far, else that one: the earlier of equal epochs stays the best. */
export function bestOf(
  plan: Monitored,
  epoch: number,
  scores: ValidationScores,
  best: BestEpoch | null,
): BestEpoch | null {
  const metric = monitorOf(plan)
  const { loss, mIoU, dice, pixelAccuracy } = scores
  const value = monitoredValue(scores, metric)
  const isFirst = best?.value === null || best === null
  return isFirst || isBetter(metric, value, best.value)
    ? { epoch, metric, value, loss, mIoU, dice, pixelAccuracy }
    : best
}

/** Why training ends after the epochs so far, before its last one; undefined where it goes on. */
export function earlyEnd(plan: Monitored, scores: Progress['scores']): string | undefined {
  const { early_stopping: settings, epochs } = plan.config.train
  if (!settings || scores.length >= epochs) return undefined
  const values = scores.map(({ watched }) => watched)
  return earlyStop(values, { ...settings, monitor: watchedOf(plan) })
}

/** @throws UserError where a monitored class is none of the project's */
export function checkMonitors({ train }: ExperimentConfig, { dataset }: Project): void {
  const allowed = monitorsOf(dataset.classes.map(({ name }) => name))
  const monitors = { 'train.monitor': train.monitor, 'train.early_stopping.monitor': train.early_stopping?.monitor }
  for (const [key, monitor] of Object.entries(monitors)) {
    if (monitor === undefined || monitor === null || allowed.includes(monitor)) continue
    const nearest = nearestName(monitor, allowed)
    throw new UserError(`"${key}" names a class that the project does not have.`, {
      value: monitor,
      allowed,
      hint: nearest === undefined ? undefined : `Did you mean "${nearest}"?`,
      code: 'unknown-monitor',
    })
  }
}

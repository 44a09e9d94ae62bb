import { samplerOf } from '../core/samplers/registry.ts'
import type { RunPlan } from './runPlan.ts'

type Sampled = Pick<RunPlan, 'config' | 'train' | 'pixels' | 'rules'>

/** Probability of each training image at every draw; undefined where each comes once an epoch. */
export function samplingOf({ config, train, pixels }: Sampled): readonly number[] | undefined {
  const { sampler, foreground_share: share = 0.5 } = config.data
  return samplerOf(sampler)?.probabilities(
    train.map((pair) => pixels.get(pair)!),
    share,
  )
}

/** What the sampler does to the training images, in one line; undefined where each comes once an epoch. */
export function samplingText(plan: Sampled): string | undefined {
  const probabilities = samplingOf(plan)
  if (probabilities === undefined) return undefined
  const { config, train, pixels, rules } = plan
  const perEpoch = probabilities.map((probability) => probability * train.length)
  const shares = rules.classes.names.map((name, c) => {
    const has = train.map((pair) => pixels.get(pair)![c] > 0)
    const drawn = perEpoch.reduce((sum, times, index) => sum + (has[index] ? times : 0), 0)
    return `${name} ${has.filter(Boolean).length} → ${drawn.toFixed(1)}`
  })
  const [least, most] = [Math.min(...perEpoch), Math.max(...perEpoch)].map((times) => times.toFixed(2))
  return `sampler ${config.data.sampler}: each image ${least} to ${most} times an epoch; images with ${shares.join(', ')}`
}

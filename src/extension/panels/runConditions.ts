import { differences } from '../../core/difference.ts'
import type { NamedArguments } from '../../core/experiment.ts'
import { defaultInference } from '../../core/inferenceSettings.ts'
import { recordedConfig } from '../../core/recordedConfig.ts'
import type { RunRecord } from '../../protocol/runFolder.ts'

/** What of a record says under which conditions a run was trained. */
export type RecordedConditions = Pick<RunRecord, 'config' | 'splitHash'>

/** What differs from the baseline, one condition each; undefined where this version cannot read one of them. */
export function conditionsAgainst(
  run: RecordedConditions,
  baseline: RecordedConditions,
): readonly string[] | undefined {
  const [own, base] = [recordedConfig(run.config), recordedConfig(baseline.config)]
  if (own === undefined || base === undefined) return undefined
  return differences({ ...base, splitHash: baseline.splitHash }, { ...own, splitHash: run.splitHash }).map(
    ({ words }) => words,
  )
}

/** What a run trains with, in the words of its file. */
export function ownConditions({ config }: RecordedConditions): readonly string[] {
  const own = recordedConfig(config)
  if (own === undefined) return []
  const { model, loss, optimizer, scheduler, augment, mix = null, data, train } = own
  const { window } = { ...defaultInference, ...own.inference }
  const size = data.image_size === null ? [] : [`image_size ${data.image_size.join(' × ')}`]
  return [
    `${model.arch} / ${model.encoder_name}${model.encoder_weights === null ? '' : ` (${model.encoder_weights})`}`,
    loss.map(({ name, weight }) => (weight === 1 ? name : `${weight} × ${name}`)).join(' + '),
    `${optimizer.name}, lr ${optimizer.lr}`,
    scheduler.name,
    ...(augment.length === 0 ? [] : [augment.map(({ name }: NamedArguments) => name).join(', ')]),
    ...(mix === null ? [] : [mix.name]),
    ...size,
    `batch_size ${data.batch_size}`,
    `epochs ${train.epochs}`,
    ...(window === 'whole' ? [] : [`window ${window.join(' × ')}`]),
  ]
}

import type { ExperimentConfig } from '../core/experiment.ts'

/** Losses of a batch that are not the mean of the losses of its images: of the overlap or a selection over all its pixels. */
export const batchLosses: ReadonlySet<string> = new Set([
  'DiceLoss',
  'LogCoshDiceLoss',
  'JaccardLoss',
  'TverskyLoss',
  'FocalTverskyLoss',
  'LovaszLoss',
  'MCCLoss',
  'OhemCrossEntropyLoss',
])

/**
 * What accumulation of gradients does not do, for a person who takes it for a larger batch (definitions 3).
 * @param hasBatchNorm whether the network normalises over batches
 * @returns undefined where it is the larger batch, up to ignored pixels
 */
export function accumulationNote(
  { data, loss }: Pick<ExperimentConfig, 'data' | 'loss'>,
  hasBatchNorm: boolean,
): string | undefined {
  const { batch_size: size, accumulate_grad_batches: count } = data
  const seen = [
    ...(hasBatchNorm ? ['BatchNorm'] : []),
    ...new Set(loss.map(({ name }) => name).filter((name) => batchLosses.has(name))),
  ]
  if (count === 1 || seen.length === 0) return undefined
  const names = seen.length === 1 ? `${seen[0]} sees` : `${seen.slice(0, -1).join(', ')} and ${seen.at(-1)} see`
  return `Gradients of ${count} batches are averaged, but ${names} only ${size === 1 ? 'the one image' : `the ${size} images`} of each: this is not a batch of ${count * size}.`
}

import type { Size } from '../augment/sample.ts'
import { viewSize, viewsOf } from '../augment/testTime.ts'
import { UserError } from '../core/errors.ts'
import type { ExperimentConfig } from '../core/experiment.ts'
import { buildNetwork } from '../model/network.ts'

interface CheckedSizes {
  readonly classes: number
  /** Of training batches. */
  readonly training: Size
  readonly batch: number
  /** Of images that validation sees as a whole. */
  readonly validation: readonly Size[]
}

/**
 * Builds the network, without compiling it, at every size that training and validation will ask for.
 * @throws UserError for what cannot work together: sizes, batch, architecture and encoder
 */
export function checkNetwork({ model, train, inference }: ExperimentConfig, sizes: CheckedSizes): void {
  const { classes, training, batch } = sizes
  const frozenStatistics = train.freeze_batchnorm
  buildNetwork(model, { mode: 'training', batch, classes, ...training, frozenStatistics })
  const { window } = inference
  const seen = window === 'whole' ? sizes.validation : [{ height: window[0], width: window[1] }]
  const views = viewsOf(inference.tta, inference.tta_scales)
  const all = seen.flatMap((size) => views.map((view) => viewSize(size, view)))
  const distinct = new Map(all.map((size) => [`${size.height}x${size.width}`, size]))
  for (const size of distinct.values())
    checkInference(() => buildNetwork(model, { mode: 'inference', batch: 1, classes, ...size }), inference)
}

/** What the network says of a size, with what changes that size in validation. */
function checkInference(build: () => unknown, { window, tta_scales: scales }: ExperimentConfig['inference']): void {
  try {
    build()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const { hint, ...details } = error.details
    const isScaled = scales.some((scale) => scale !== 1)
    const remedy = isScaled
      ? 'Leave out scales that lead to such sizes (inference.tta_scales), or choose another size of images or windows.'
      : window === 'whole'
        ? `${hint ?? ''} A sliding window takes images of any size: "inference": { "window": [512, 512] }.`.trim()
        : hint?.replace('data.image_size', 'inference.window')
    throw new UserError(`In validation: ${error.message}`, { ...details, hint: remedy })
  }
}

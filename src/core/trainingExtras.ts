import * as z from 'zod'
import { isMonitor, monitorsOf } from './monitor.ts'
import { nearestName } from './nearest.ts'

const monitor = z.string().superRefine((name, context) => {
  if (isMonitor(name)) return
  const allowed = monitorsOf(['CLASS'])
  const nearest = nearestName(name, allowed)
  context.addIssue({
    code: 'custom',
    message: `there is no score "${name}".`,
    params: { allowed, hint: nearest === undefined ? undefined : `Did you mean "${nearest}"?` },
  })
})

/** Keys of `train` that say when to stop, which epoch is the best and what of the network stands still. */
export const trainingExtras = {
  monitor: monitor
    .nullable()
    .default(null)
    .describe(
      "Score of validation that picks the best epoch: mIoU, dice, pixelAccuracy, loss (the lowest), IoU:CLASS or dice:CLASS with a class's name; null takes the project's primary_metric.",
    ),
  early_stopping: z
    .strictObject({
      patience: z
        .int()
        .min(1)
        .max(100_000)
        .default(10)
        .describe('Epochs without improvement after which training ends.'),
      min_delta: z.number().min(0).default(0).describe('Improvements up to this count as none.'),
      monitor: monitor.nullable().default(null).describe('Score that shall improve; null takes train.monitor.'),
    })
    .nullable()
    .default(null)
    .describe('Ends training once validation has stopped improving; null trains all epochs.'),
  freeze_encoder_epochs: z
    .int()
    .min(0)
    .max(100_000)
    .default(0)
    .describe(
      'First epochs in which the encoder stands still and runs as in validation: its weights, running statistics and optimizer state do not change, and its backward pass is left out; 0 trains it from the start. A debug run trains all of the network.',
    ),
  freeze_batchnorm: z
    .enum(['none', 'encoder', 'all'])
    .default('none')
    .describe(
      "BatchNorms that use their running statistics in training and leave them as they are (torch's eval mode; weight and bias are still trained): worth it for pretrained encoders with small batches.",
    ),
}

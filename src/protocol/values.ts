import * as z from 'zod'

/** A measured number. JSON has no NaN or infinity: a loss that diverged and a score of no pixels are both `null`. */
export const measured = z.number().nullable()

/** A count or an index: 0, 1, 2… */
export const count = z.int().min(0)

/** A moment in ISO-8601, always UTC (`2026-01-31T09:30:00.000Z`). */
export const moment = z.iso.datetime()

/** A resolved configuration as plain JSON. Its keys belong to `core`; a reader of an old run must not fail over them. */
export const resolvedConfig = z.record(z.string(), z.unknown())

/** Scores over all validation images of a fold; fractions 0…1. */
export const scores = z.object({
  loss: measured,
  mIoU: measured.describe('Mean intersection over union over the classes that occur.'),
  classes: z.array(z.string()).readonly().describe('Class names, in the order of perClassIoU.'),
  perClassIoU: z.array(measured).readonly().describe('null where a class neither occurs nor was predicted.'),
  dice: measured,
  pixelAccuracy: measured,
})
export type ValidationScores = z.infer<typeof scores>

/** The best epoch so far by the score that the experiment monitors. */
export const bestEpoch = scores.omit({ classes: true, perClassIoU: true }).extend({
  epoch: count,
  metric: z.string().describe("Name of the monitored score, by default the project's primary metric."),
  value: measured.describe('Its value at this epoch.'),
})
export type BestEpoch = z.infer<typeof bestEpoch>

export const classLabel = z.object({ id: count, name: z.string(), color: z.string().optional().describe('#rrggbb') })

/** What computed the run, and how its numbers may be compared. */
export const engineFacts = z.object({
  name: z.string().describe('onnx, tensorflow…'),
  lowering: z.string().describe('blocked, plain…'),
  determinism: z
    .enum(['bitwise', 'numeric', 'statistical'])
    .describe(
      'bitwise: identical numbers on the same machine and thread count; numeric: equal up to the order of sums; statistical: compare over seeds.',
    ),
})

/** Name of a program or package → its version. */
export const versions = z.record(z.string(), z.string())

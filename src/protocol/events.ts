import * as z from 'zod'
import {
  bestEpoch,
  classLabel,
  count,
  engineFacts,
  measured,
  moment,
  resolvedConfig,
  scores,
  versions,
} from './values.ts'

/** Version of the event format; the first line of every `events.ndjson` carries it as `v`. */
export const eventVersion = 1 as const

const common = {
  time: moment,
  v: z.literal(eventVersion).optional().describe('Version of the format; on the first line of a file.'),
}

const started = z.object({
  ...common,
  type: z.literal('started'),
  run: z.string(),
  experiment: z.string(),
  fold: count,
  seed: count,
  config: resolvedConfig,
  device: z.string().describe('cpu, webgpu, cuda:0…'),
  engine: engineFacts,
  threads: count,
  versions,
  images: z.object({ train: count, valid: count }),
  classes: z.array(classLabel).readonly(),
  splitHash: z.string(),
  resumed: z
    .object({ epoch: count, step: count })
    .optional()
    .describe('Where training goes on; step and epoch events past this point in earlier lines are repeated below.'),
})

const phase = z.object({
  ...common,
  type: z.literal('phase'),
  phase: z.enum(['data', 'weights', 'compile', 'self-test', 'train', 'validate', 'predict', 'export']),
  message: z.string().optional(),
})

const step = z.object({
  ...common,
  type: z.literal('step'),
  step: count.describe('Optimizer steps since the start of the run.'),
  epoch: count,
  loss: measured,
  parts: z.record(z.string(), measured).describe('Each term of the loss, before its weight.'),
  lr: z.number(),
  gradNorm: measured.describe('L2 norm over all gradients, before clipping.'),
  lossScale: z.number().optional().describe('Factor of the loss while gradients were computed; with fp16 only.'),
  isSkipped: z
    .boolean()
    .optional()
    .describe('The gradients were not finite in half precision: nothing changed but the loss scale. With fp16 only.'),
  imagesPerSecond: measured,
  dataWaitMs: z.number().min(0).describe('Time the step waited for its batch, milliseconds.'),
})

const epoch = z.object({
  ...common,
  type: z.literal('epoch'),
  epoch: count,
  train: z.object({ loss: measured, mIoU: measured }),
  valid: scores,
  seconds: z.number().min(0),
  rssBytes: count.describe('Resident memory of the trainer, bytes.'),
})

const checkpoint = z.object({
  ...common,
  type: z.literal('checkpoint'),
  kind: z.enum(['best', 'last']),
  epoch: count,
  step: count,
  file: z.string().describe('Path inside the run folder, with forward slashes.'),
  weights: z.literal('ema').optional().describe('Present where they are the average of the weights (train.ema).'),
})

const check = z.object({
  ...common,
  type: z.literal('check'),
  name: z.string().describe('Title of the check.'),
  verdict: z.enum(['pass', 'fail', 'unclear']),
  message: z.string().describe('Why, and what to do where it did not pass.'),
  values: z
    .record(z.string(), z.union([measured, z.string(), z.boolean(), z.array(measured).readonly()]))
    .describe('The evidence: curves over the steps as lists, numbers, names.'),
  picture: z
    .string()
    .optional()
    .describe('PNG that shows what did not pass: path inside the run folder, with forward slashes.'),
})

const preview = z.object({
  ...common,
  type: z.literal('preview'),
  epoch: count,
  image: z.string(),
  file: z.string().describe('Palette PNG of the prediction: path inside the run folder, with forward slashes.'),
})

const warning = z.object({ ...common, type: z.literal('warning'), message: z.string() })

const failed = z.object({
  ...common,
  type: z.literal('failed'),
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  download: z
    .object({ encoder: z.string(), weights: z.string(), bytes: count, licence: z.string().nullable() })
    .optional()
    .describe('Pretrained weights whose download mends it.'),
})

const stopped = z.object({ ...common, type: z.literal('stopped'), epoch: count, step: count })

const finished = z.object({
  ...common,
  type: z.literal('finished'),
  epoch: count,
  best: bestEpoch.nullable().describe('null where no epoch was validated.'),
  reason: z.string().optional().describe('Why it ended before its last epoch.'),
})

/** One line of `events.ndjson` and of `--json` output. Consumers ignore types they do not know. */
export const runEventSchema = z.discriminatedUnion('type', [
  started,
  phase,
  step,
  epoch,
  checkpoint,
  check,
  preview,
  warning,
  failed,
  stopped,
  finished,
])

export type RunEvent = z.infer<typeof runEventSchema>
export type RunEventType = RunEvent['type']
export type EventOf<Type extends RunEventType> = Extract<RunEvent, { type: Type }>

/** An event before it is written: the writer adds the time, and the version on the first line. */
export type NewRunEvent = WithoutStamp<RunEvent>
type WithoutStamp<Event> = Event extends unknown ? Omit<Event, 'time' | 'v'> : never

/** One line without its line break. Numbers that are not finite become `null`. */
export function formatEventLine(event: RunEvent): string {
  return JSON.stringify(event)
}

/** The event in a line; undefined for a torn line, an unknown type and a later version of the format. */
export function parseEventLine(line: string): RunEvent | undefined {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return undefined
  }
  const parsed = runEventSchema.safeParse(value)
  return parsed.success ? parsed.data : undefined
}

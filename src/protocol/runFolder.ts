import * as z from 'zod'
import { bestEpoch, classLabel, count, engineFacts, moment, resolvedConfig, scores, versions } from './values.ts'

/** Files of a run, relative to its folder `foldwise/runs/RUN`. */
export const runFiles = {
  record: 'run.json',
  events: 'events.ndjson',
  scores: 'scores.ndjson',
  control: 'control',
  lock: 'lock',
  best: 'checkpoints/best.safetensors',
  last: 'checkpoints/last.safetensors',
  lastState: 'checkpoints/last.state.safetensors',
  predictions: 'predictions',
  checks: 'checks',
} as const

/** What may be written into `control`, one request per line. */
export const controlRequests = ['stop', 'checkpoint'] as const
export type ControlRequest = (typeof controlRequests)[number]

/** Commit of the user's repository when the run began. */
const gitState = z.object({
  commit: z.string(),
  dirty: z.boolean().describe('Whether tracked files differed from the commit.'),
})

/** Machine that trained, without anything that names it or its user. */
const hostFacts = z.object({
  platform: z.string(),
  arch: z.string(),
  cpu: z.string(),
  cores: count,
  memoryBytes: count,
})

/** `run.json`: resolved configuration and provenance; written once, never changed. */
export const runRecordSchema = z.object({
  v: z.literal(1),
  run: z.string(),
  experiment: z.string(),
  fold: count,
  seed: count,
  created: moment,
  config: resolvedConfig,
  configHash: z.string(),
  projectHash: z.string(),
  splitHash: z.string(),
  dataHash: z.string().describe('Digest of the data set the run saw.'),
  classes: z.array(classLabel).readonly(),
  device: z.string(),
  engine: engineFacts,
  threads: count,
  versions,
  host: hostFacts,
  memory: z
    .object({
      neededBytes: z.number().min(0),
      availableBytes: z.number().min(0).nullable(),
      checkpointing: z.object({ savedBytes: z.number(), traffic: z.number() }).optional(),
    })
    .optional()
    .describe('As estimated before the start, and as free then; null where nobody tells.'),
  git: gitState.optional(),
})
export type RunRecord = z.infer<typeof runRecordSchema>
export type GitState = NonNullable<RunRecord['git']>
export type HostFacts = RunRecord['host']

const pixelCounts = z.array(count).readonly().describe('Pixels per class, in the order of the classes.')

/** One line of `scores.ndjson`: how one validation image scored at the best epoch. */
export const imageScoresSchema = z.object({
  image: z.string(),
  tp: pixelCounts,
  fp: pixelCounts,
  fn: pixelCounts,
  tn: pixelCounts,
})
export type ImageScores = z.infer<typeof imageScoresSchema>

/** `foldwise/results/RUN.json`: what is shared of a finished run. */
export const runResultSchema = z.object({
  v: z.literal(1),
  run: z.string(),
  experiment: z.string(),
  fold: count,
  seed: count,
  best: bestEpoch,
  scores: scores.describe('At the best epoch.'),
  confusion: z
    .array(z.array(count).readonly())
    .readonly()
    .optional()
    .describe('Pixels at the best epoch: rows = truth, columns = prediction, in the order of scores.classes.'),
  splitHash: z.string(),
  dataHash: z.string(),
  configHash: z.string(),
  config: resolvedConfig,
  engine: engineFacts,
  versions,
  durationMs: z.number().min(0),
  finished: moment,
})
export type RunResult = z.infer<typeof runResultSchema>

import * as z from 'zod'
import type { WeightsOffer } from '../../core/errors.ts'

const what = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('train'), experiment: z.string(), fold: z.int(), seed: z.int().optional() }),
  z.object({
    kind: z.literal('debug'),
    experiment: z.string(),
    fold: z.int(),
    checks: z.array(z.string()).optional().describe('Ids of the checks to run; all when left out.'),
  }),
  z.object({ kind: z.literal('resume'), experiment: z.string(), fold: z.int(), run: z.string() }),
])
/** What a trainer is started for. */
export type Work = z.infer<typeof what>

export const jobSchema = z.object({
  id: z.string(),
  /** Folder of the project. */
  root: z.string(),
  work: what,
  /** The trainer's process, once it was started; its start time tells it from a later one with the same pid. */
  process: z.object({ pid: z.int(), start: z.string().optional(), host: z.string() }).optional(),
  /** Whether a person asked its trainer to stop. */
  isToStop: z.boolean().optional(),
})
export type Job = z.infer<typeof jobSchema>

/** How a trainer ended. */
export interface Outcome {
  readonly state: 'finished' | 'stopped' | 'failed'
  /** Name of its run, if it came so far as to make one. */
  readonly run: string | undefined
  /** Why it failed; undefined where it left no word: it was killed, or the machine went down. */
  readonly message: string | undefined
  readonly hint: string | undefined
  /** Pretrained weights whose download mends it. */
  readonly download?: WeightsOffer | undefined
  /** What a debug run found, as far as it came. */
  readonly checks: readonly { readonly verdict: string; readonly message: string }[]
  /** The end of what it wrote to stderr, for the log. */
  readonly words: string
}

/** The program's arguments. @param device setting `foldwise.device`  @param threads setting `foldwise.threads`, 0 = all cores */
export function trainerArguments({ root, work }: Job, device: string, threads: number): readonly string[] {
  const common = [
    '--json',
    '--project',
    root,
    '--device',
    device,
    ...(threads > 0 ? ['--threads', String(threads)] : []),
  ]
  switch (work.kind) {
    case 'train': {
      const seed = work.seed === undefined ? [] : ['--seed', String(work.seed)]
      return ['train', work.experiment, '--fold', String(work.fold), ...seed, ...common]
    }
    case 'debug': {
      const checks = (work.checks ?? []).flatMap((check) => ['--check', check])
      return ['debug', work.experiment, '--fold', String(work.fold), ...checks, ...common]
    }
    case 'resume':
      return ['train', '--resume', work.run, ...common]
    default:
      return work satisfies never
  }
}

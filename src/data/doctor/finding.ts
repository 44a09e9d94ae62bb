import type { Examination } from '../scan/examination.ts'
import type { RunResult } from '../../protocol/runFolder.ts'

/** How much it matters: training refuses (error), scores mislead (warning), worth a look (note). */
export type Severity = 'error' | 'warning' | 'note'

/** Something that a check of the data set found. */
export interface Finding {
  /** Stable machine-readable code, e.g. `leaked-file`. */
  readonly code: string
  readonly severity: Severity
  /** What was found, as one sentence. */
  readonly message: string
  /** What it is about: images by their names, other files as paths. */
  readonly files: readonly string[]
  /** Why it matters. */
  readonly why: string
  /** What to do; where it is to be written, into which file. */
  readonly remedy: string
}

/** What a check looks at. */
export interface Subject extends Examination {
  /** Results of earlier runs. */
  readonly results: readonly RunResult[]
  /** Hash in `foldwise/split.json`; undefined where there is none. */
  readonly writtenSplitHash: string | undefined
}

/** One question to the data set. */
export type Check = (subject: Subject) => readonly Finding[] | Promise<readonly Finding[]>

/** `a, b, c and 4 more` */
export function someOf(names: readonly string[], shown = 5): string {
  const more = names.length - shown
  return names.slice(0, shown).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

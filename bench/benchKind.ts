/** What the command line asks for; every kind takes what concerns it. */
export interface BenchSettings {
  /** `Architecture/encoder`; the kind's own list where not given. */
  readonly network: string | undefined
  /** Images; the kind's own sizes where not given. */
  readonly batch: number | undefined
  readonly rounds: number
  /** Measured in each round, after those that warm up. */
  readonly steps: number
  readonly threads: number
  /** Height and width in pixels. */
  readonly size: number
  readonly lowering: string
  /** A Python with what the references import; without one only ours is measured. */
  readonly python: string | undefined
}

/** A quantity of one case, measured once per round: ours and the reference in turn, each in a process of its own. */
export interface Measure {
  /** A column of the report, e.g. `step`, `memory`. */
  readonly name: string
  /** Of `images/s` more is better, of all others less. */
  readonly unit: 'ms' | 's' | 'MiB' | 'images/s'
  readonly ours: readonly number[]
  /** Null where there is no reference. */
  readonly theirs: readonly number[] | null
}

export interface Row {
  readonly measures: readonly Measure[]
  /** What stood against ours, e.g. `PyTorch, channels_last`; null where nothing did. */
  readonly reference: string | null
  /** Size, threads and whatever else another machine needs to repeat it. */
  readonly settings: string
}

export interface BenchCase {
  /** A row of the report. */
  readonly name: string
  /** @throws Error where a process fails; the other cases are measured all the same */
  readonly measure: () => Row | Promise<Row>
}

/** A kind of benchmark is one file that exports this, and one line in `kinds.ts`. */
export interface BenchKind {
  /** `npm run bench -- NAME`. */
  readonly name: string
  readonly title: string
  /** What is measured against what: a paragraph of docs/PERFORMANCE.md. */
  readonly text: string
  readonly cases: (settings: BenchSettings) => readonly BenchCase[]
}

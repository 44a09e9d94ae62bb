import type { RunIdentity } from '../../protocol/runName.ts'
import { debuggedExperiment, parseRunName } from '../../protocol/runName.ts'

/** The runs of one experiment by name, those in training and those of colleagues alike. */
export interface RunGroup {
  readonly runs: ReadonlySet<string>
  /** Scratch runs of `foldwise debug`: never scores. */
  readonly debugRuns: ReadonlySet<string>
}

/** Where a run belongs. */
export interface RunPlace {
  readonly experiment: string
  readonly isDebug: boolean
  readonly identity: RunIdentity
}

interface Lookup {
  has(experiment: string): boolean
}

/** Names of runs by experiment. Adding or removing one touches its experiment only. */
export class RunGroups {
  private readonly groups = new Map<string, { runs: Set<string>; debugRuns: Set<string> }>()
  private readonly places = new Map<string, RunPlace>()
  private readonly files: Lookup
  private readonly summaries: ReadonlyMap<string, { readonly identity: RunIdentity }>

  /**
   * @param files the experiments that have one: `fast-debug` may be an experiment of its own
   * @param summaries runs whose name was taken apart already: thousands take long
   */
  constructor(
    files: Lookup,
    summaries: ReadonlyMap<string, { readonly identity: RunIdentity }>,
    names: Iterable<string>,
  ) {
    this.files = files
    this.summaries = summaries
    for (const name of names) this.add(name)
  }

  get experiments(): Iterable<string> {
    return this.groups.keys()
  }

  of(experiment: string): RunGroup {
    return this.groups.get(experiment) ?? { runs: new Set(), debugRuns: new Set() }
  }

  /** undefined for what is no run's name. */
  place(run: string): RunPlace | undefined {
    const known = this.places.get(run)
    const identity = known?.identity ?? this.summaries.get(run)?.identity ?? parseRunName(run)
    if (known !== undefined || identity === undefined) return known
    const debugged = this.files.has(identity.experiment) ? undefined : debuggedExperiment(identity.experiment)
    const place = { experiment: debugged ?? identity.experiment, isDebug: debugged !== undefined, identity }
    this.places.set(run, place)
    return place
  }

  add(run: string): void {
    const place = this.place(run)
    if (place === undefined) return
    let group = this.groups.get(place.experiment)
    if (group === undefined) {
      group = { runs: new Set(), debugRuns: new Set() }
      this.groups.set(place.experiment, group)
    }
    group[place.isDebug ? 'debugRuns' : 'runs'].add(run)
  }

  remove(run: string): void {
    const place = this.place(run)
    const group = place && this.groups.get(place.experiment)
    if (place === undefined || group === undefined) return
    group[place.isDebug ? 'debugRuns' : 'runs'].delete(run)
    if (group.runs.size + group.debugRuns.size === 0) this.groups.delete(place.experiment)
  }
}

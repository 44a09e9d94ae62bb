import { runKey, type RunId, type RunSeries, type ToCurves } from '../../../src/protocol/curvesMessages.ts'
import { RunCurve } from './runCurve.ts'

/** A run and its place among the looks that tell runs apart. */
export interface PlacedCurve {
  readonly curve: RunCurve
  /** Counts from 0; apart for chosen runs and for references. A run keeps it while it is shown. */
  readonly slot: number
}

/** Pairs of a run's key and its slot. */
export type Slots = readonly (readonly [key: string, slot: number])[]

/** All runs of the view in the order in which they came, the chosen ones first. */
export class CurvesModel {
  /** Whether the host has told what there is. */
  isLoaded = false
  private readonly placed = new Map<string, PlacedCurve>()
  private remembered: ReadonlyMap<string, number>

  /** @param remembered slots that runs had before the page was made anew, by their keys */
  constructor(remembered: Slots = []) {
    this.remembered = new Map(remembered)
  }

  get all(): readonly PlacedCurve[] {
    const isReference = ({ curve }: PlacedCurve): number => Number(curve.facts.isReference)
    return [...this.placed.values()].sort((a, b) => isReference(a) - isReference(b))
  }

  get slots(): Slots {
    return Array.from(this.placed, ([key, { slot }]) => [key, slot])
  }

  at(key: string): PlacedCurve | undefined {
    return this.placed.get(key)
  }

  apply(message: Exclude<ToCurves, { type: 'selection' }>): void {
    switch (message.type) {
      case 'hydrate':
        this.isLoaded = true
        this.hydrate(message.runs)
        break
      case 'add':
        this.add(message.run)
        break
      case 'append':
        for (const { run, columns } of message.appended) this.of(run)?.append(columns)
        break
      case 'rewind':
        this.of(message.run)?.rewind(message.steps, message.epochs)
        break
      case 'facts': {
        const { facts } = message
        const curve = this.of(facts.id)
        if (curve === undefined) break
        const isMoved = curve.facts.isReference !== facts.isReference
        curve.facts = facts
        if (isMoved) this.place(curve)
        break
      }
      case 'remove':
        if (message.reason === 'deselected') this.forget(runKey(message.run))
        else this.markGone(message.run)
        break
      default:
        message satisfies never
    }
  }

  /** Its row has been read, or the run was taken out. */
  forget(key: string): void {
    this.placed.delete(key)
  }

  private hydrate(runs: readonly RunSeries[]): void {
    this.remembered = new Map([...this.remembered, ...this.slots])
    this.placed.clear()
    // New runs shall not take the places of those that come after them.
    const isNew = ({ facts }: RunSeries): number => Number(!this.remembered.has(runKey(facts.id)))
    for (const run of [...runs].sort((a, b) => isNew(a) - isNew(b))) this.add(run)
    const inOrder = runs.map(({ facts }) => this.placed.get(runKey(facts.id))!)
    this.placed.clear()
    for (const placed of inOrder) this.placed.set(placed.curve.key, placed)
  }

  private add(run: RunSeries): void {
    this.place(new RunCurve(run))
  }

  private place(curve: RunCurve): void {
    this.placed.delete(curve.key)
    const taken = new Set(
      [...this.placed.values()]
        .filter((other) => other.curve.facts.isReference === curve.facts.isReference)
        .map(({ slot }) => slot),
    )
    let slot = this.remembered.get(curve.key) ?? 0
    if (taken.has(slot)) slot = 0
    while (taken.has(slot)) slot++
    this.placed.set(curve.key, { curve, slot })
  }

  private markGone(id: RunId): void {
    const curve = this.of(id)
    if (curve !== undefined) curve.isGone = true
  }

  private of(id: RunId): RunCurve | undefined {
    return this.placed.get(runKey(id))?.curve
  }
}

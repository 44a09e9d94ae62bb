import {
  epochColumns,
  runKey,
  stepColumns,
  type CurveClass,
  type CurveColumns,
  type EpochColumn,
  type RunFacts,
  type RunSeries,
  type StepColumn,
} from '../../../src/protocol/curvesMessages.ts'
import { Column } from './column.ts'
import { Smoothed } from './smoothed.ts'

/** What curves run over. Names of columns: steps and epochs have them both. */
export type Axis = 'step' | 'epoch' | 'seconds'

/** Columns that scatter so much that they are smoothed. */
export type NoisyColumn = 'loss' | 'gradNorm'

/** One run as the view knows it. */
export class RunCurve {
  facts: RunFacts
  /** Its folder was deleted while it was shown. */
  isGone = false
  classes: readonly CurveClass[] = []
  private readonly steps = new Map(stepColumns.map((name) => [name, new Column()]))
  private readonly epochs = new Map(epochColumns.map((name) => [name, new Column()]))
  private perClassIoU: readonly Column[] = []
  private readonly smoothers = { loss: new Smoothed(), gradNorm: new Smoothed() }

  constructor({ facts, columns }: RunSeries) {
    this.facts = facts
    this.append(columns)
  }

  get key(): string {
    return runKey(this.facts.id)
  }

  get name(): string {
    return this.facts.id.run
  }

  get isEmpty(): boolean {
    return this.step('step').length === 0 && this.epoch('step').length === 0
  }

  step(name: StepColumn): Float64Array {
    return this.steps.get(name)!.values
  }

  epoch(name: EpochColumn): Float64Array {
    return this.epochs.get(name)!.values
  }

  /** IoU per epoch of a class by its index; empty where the run has no such class, as for −1. */
  classIoU(index: number): Float64Array {
    return (index < 0 ? undefined : this.perClassIoU.at(index))?.values ?? new Float64Array()
  }

  /** @param weight see Smoothed */
  smoothed(name: NoisyColumn, weight: number): Float64Array {
    return this.smoothers[name].of(this.step(name), weight)
  }

  /** @throws Error where columns differ in length: numbers were lost on their way */
  append({ steps, epochs }: CurveColumns): void {
    const isTorn =
      stepColumns.some((name) => steps[name].length !== steps.step.length) ||
      epochColumns.some((name) => epochs[name].length !== epochs.epoch.length) ||
      epochs.perClassIoU.length !== epochs.epoch.length * epochs.classes.length
    if (isTorn) throw new Error(`columns of ${this.name} differ in length`)
    for (const [name, column] of this.steps) column.append(steps[name])
    for (const [name, column] of this.epochs) column.append(epochs[name])
    if (this.classes.length === 0) {
      this.classes = epochs.classes
      this.perClassIoU = epochs.classes.map(() => new Column())
    }
    const count = this.perClassIoU.length
    for (const [index, column] of this.perClassIoU.entries())
      column.append(epochs.perClassIoU.filter((_, position) => position % count === index))
  }

  /** Only so many steps and epochs from the beginning stay. */
  rewind(steps: number, epochs: number): void {
    for (const column of this.steps.values()) column.truncate(steps)
    for (const column of [...this.epochs.values(), ...this.perClassIoU]) column.truncate(epochs)
    for (const smoother of Object.values(this.smoothers)) smoother.forget()
  }
}

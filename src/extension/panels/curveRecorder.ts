import {
  epochColumns,
  stepColumns,
  type CurveClass,
  type CurveColumns,
  type EpochColumn,
  type StepColumn,
} from '../../protocol/curvesMessages.ts'
import type { EventOf, RunEvent } from '../../protocol/events.ts'
import { advance, noProgress } from '../../protocol/runState.ts'

/** What a view must do to know as much as the recorder: first forget what is past these counts, then take the rest. */
interface CurveChange {
  readonly rewind: { readonly steps: number; readonly epochs: number } | undefined
  readonly columns: CurveColumns | undefined
}

type Columns<Name extends string> = Readonly<Record<Name, number[]>>

/**
 * The history of a run as columns of numbers, and how much of it a view was told. Events may come in any portions; a resumed
 * run takes back what came after its checkpoint.
 */
export class CurveRecorder {
  private readonly steps = emptyColumns(stepColumns)
  private readonly epochs = emptyColumns(epochColumns)
  private readonly perClassIoU: number[][] = []
  private classes: readonly CurveClass[] = []
  private told = { steps: 0, epochs: 0 }
  private isRewound = false
  /** Training time of this life of the trainer: seconds before it, and when it began. */
  private clock = { before: 0, began: NaN, hasTrained: false }
  private stepsPerEpoch = 1

  take(event: RunEvent): void {
    switch (event.type) {
      case 'started':
        this.begin(event)
        break
      case 'phase':
        // Reading data and compiling is no training, and a resumed run does it again.
        if (event.phase !== 'train' || this.clock.hasTrained) break
        this.clock = { ...this.clock, began: Date.parse(event.time), hasTrained: true }
        break
      case 'step':
        this.addStep(event)
        break
      case 'epoch':
        this.addEpoch(event)
        break
      default:
    }
  }

  /** Everything so far; it counts as told. */
  all(): CurveColumns {
    this.told = { steps: 0, epochs: 0 }
    const columns = this.untoldColumns()
    this.isRewound = false
    return columns
  }

  /** What was not told yet, which counts as told now; undefined where there is nothing. */
  news(): CurveChange | undefined {
    const rewind = this.isRewound ? { ...this.told } : undefined
    this.isRewound = false
    const hasMore = this.steps.step.length > this.told.steps || this.epochs.epoch.length > this.told.epochs
    if (rewind === undefined && !hasMore) return undefined
    return { rewind, columns: hasMore ? this.untoldColumns() : undefined }
  }

  private begin(event: EventOf<'started'>): void {
    const { resumed, classes, time } = event
    this.keep(resumed?.step ?? 0, (resumed?.epoch ?? 1) - 1)
    this.clock = { before: this.lastSeconds, began: Date.parse(time), hasTrained: false }
    this.classes = classes.map(({ name, color }) => ({ name, color }))
    this.stepsPerEpoch = advance(noProgress, event).started?.stepsPerEpoch ?? 1
  }

  private addStep({ step, epoch, loss, lr, gradNorm, time }: EventOf<'step'>): void {
    // A line that says where a resumed run goes on may have been torn: steps never go back without it.
    if (step <= (this.steps.step.at(-1) ?? -1)) this.keep(step - 1, Infinity)
    const within = (step - (this.epochs.step.at(-1) ?? 0)) / this.stepsPerEpoch
    push(this.steps, {
      step,
      epoch: Math.max(this.steps.epoch.at(-1) ?? 0, epoch - 1 + Math.min(1, within)),
      seconds: this.secondsAt(time),
      loss: loss ?? NaN,
      lr,
      gradNorm: gradNorm ?? NaN,
    })
  }

  private addEpoch({ epoch, train, valid, time }: EventOf<'epoch'>): void {
    if (epoch <= (this.epochs.epoch.at(-1) ?? -1)) this.keep(Infinity, epoch - 1)
    const step = this.steps.step.at(-1) ?? epoch * this.stepsPerEpoch
    this.stepsPerEpoch = Math.max(1, step / epoch)
    push(this.epochs, {
      epoch,
      step,
      seconds: this.secondsAt(time),
      trainLoss: train.loss ?? NaN,
      validLoss: valid.loss ?? NaN,
      mIoU: valid.mIoU ?? NaN,
      dice: valid.dice ?? NaN,
      pixelAccuracy: valid.pixelAccuracy ?? NaN,
    })
    if (this.classes.length === 0) this.classes = valid.classes.map((name) => ({ name, color: undefined }))
    this.perClassIoU.push(this.classes.map((_, index) => valid.perClassIoU.at(index) ?? NaN))
  }

  /** Drops steps and epochs past these. */
  private keep(step: number, epoch: number): void {
    const steps = countUpTo(this.steps.step, step)
    const epochs = countUpTo(this.epochs.epoch, epoch)
    for (const name of stepColumns) this.steps[name].length = steps
    for (const name of epochColumns) this.epochs[name].length = epochs
    this.perClassIoU.length = epochs
    if (steps >= this.told.steps && epochs >= this.told.epochs) return
    this.told = { steps: Math.min(steps, this.told.steps), epochs: Math.min(epochs, this.told.epochs) }
    this.isRewound = true
  }

  /** Never less than before, whatever the machine's clock does. */
  private secondsAt(time: string): number {
    const { before, began } = this.clock
    const seconds = before + (Date.parse(time) - began) / 1000
    return Math.max(this.lastSeconds, Number.isNaN(seconds) ? 0 : seconds)
  }

  private get lastSeconds(): number {
    return Math.max(this.steps.seconds.at(-1) ?? 0, this.epochs.seconds.at(-1) ?? 0)
  }

  private untoldColumns(): CurveColumns {
    const { steps, epochs } = this.told
    const columns: CurveColumns = {
      steps: slices(this.steps, stepColumns, steps),
      epochs: {
        ...slices(this.epochs, epochColumns, epochs),
        perClassIoU: Float64Array.from(this.perClassIoU.slice(epochs).flat()),
        classes: this.classes,
      },
    }
    this.told = { steps: this.steps.step.length, epochs: this.epochs.epoch.length }
    return columns
  }
}

function emptyColumns<Name extends StepColumn | EpochColumn>(names: readonly Name[]): Columns<Name> {
  return Object.fromEntries(names.map((name) => [name, []])) as unknown as Columns<Name>
}

function push<Name extends string>(columns: Columns<Name>, row: Readonly<Record<Name, number>>): void {
  for (const name in columns) columns[name].push(row[name])
}

function slices<Name extends string>(
  columns: Columns<Name>,
  names: readonly Name[],
  from: number,
): Record<Name, Float64Array> {
  const parts = names.map((name) => [name, Float64Array.from(columns[name].slice(from))])
  return Object.fromEntries(parts) as Record<Name, Float64Array>
}

/** How many values are at most `limit`. @param values growing */
function countUpTo(values: readonly number[], limit: number): number {
  let count = values.length
  while (count > 0 && values[count - 1] > limit) count--
  return count
}

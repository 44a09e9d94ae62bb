import type { CurveColumns, RunFacts, RunSeries } from '../../../src/protocol/curvesMessages.ts'

/** Runs as a trainer would write them, without one: losses that fall and scatter, a cosine schedule, a validation per epoch. */
export const stepsPerEpoch = 100
export const classes = [
  { name: 'background', color: '#000000' },
  { name: 'disc', color: '#e69f00' },
  { name: 'square', color: '#56b4e9' },
]

export function syntheticFacts(index: number, changes: Partial<RunFacts> = {}): RunFacts {
  return {
    id: { root: '/project', run: `trial${index}.f0.s0` },
    experiment: `trial${index}`,
    fold: 0,
    seed: 0,
    phase: 'running',
    trouble: undefined,
    conditions: [`lr: 0.001 → ${0.001 * (index + 1)}`],
    isReference: false,
    metric: 'mIoU',
    epochs: 100,
    ...changes,
  }
}

export function syntheticRun(index: number, steps: number, changes: Partial<RunFacts> = {}): RunSeries {
  return { facts: syntheticFacts(index, changes), columns: syntheticColumns(index, 0, steps) }
}

/** Numbers of the steps after `from`, up to and with `to`. */
export function syntheticColumns(index: number, from: number, to: number): CurveColumns {
  const steps = range(from + 1, to)
  const epochs = range(Math.floor(from / stepsPerEpoch) + 1, Math.floor(to / stepsPerEpoch))
  const loss = (step: number): number => lossAt(index, step) * (1 + 0.25 * noise(step + 7919 * index))
  return {
    steps: {
      step: steps,
      epoch: steps.map((step) => step / stepsPerEpoch),
      seconds: steps.map((step) => step * 0.25 * (1 + index / 40)),
      loss: steps.map(loss),
      lr: steps.map((step) => 0.0005 * (1 + Math.cos((Math.PI * step) / 10_000))),
      gradNorm: steps.map((step) => 5 * loss(step)),
    },
    epochs: {
      epoch: epochs,
      step: epochs.map((epoch) => epoch * stepsPerEpoch),
      seconds: epochs.map((epoch) => epoch * stepsPerEpoch * 0.25 * (1 + index / 40)),
      trainLoss: epochs.map((epoch) => lossAt(index, epoch * stepsPerEpoch)),
      validLoss: epochs.map((epoch) => lossAt(index, epoch * stepsPerEpoch) * 1.15),
      mIoU: epochs.map((epoch) => scoreAt(index, epoch)),
      dice: epochs.map((epoch) => scoreAt(index, epoch) ** 0.7),
      pixelAccuracy: epochs.map((epoch) => 0.5 + 0.5 * scoreAt(index, epoch)),
      perClassIoU: Float64Array.from(
        [...epochs].flatMap((epoch) => classes.map((_, each) => scoreAt(index, epoch) ** (each + 1))),
      ),
      classes,
    },
  }
}

function lossAt(index: number, step: number): number {
  return 0.12 + 0.015 * index + 2 * Math.exp(-step / (600 + 90 * index))
}

function scoreAt(index: number, epoch: number): number {
  return 0.8 - 0.01 * index - 0.6 * Math.exp(-epoch / 8) + 0.01 * noise(epoch + 104_729 * index)
}

/** −1…1, the same for the same seed. */
function noise(seed: number): number {
  const value = Math.sin(seed * 12.9898) * 43_758.5453
  return 2 * (value - Math.floor(value)) - 1
}

function range(first: number, last: number): Float64Array {
  return Float64Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)
}

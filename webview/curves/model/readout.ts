import type { EpochColumn, StepColumn } from '../../../src/protocol/curvesMessages.ts'
import { scoreColumn } from './chartLines.ts'
import type { RunCurve } from './runCurve.ts'
import { nearest } from './search.ts'
import type { Settings } from './settings.ts'

/** Numbers of one run at one place. NaN where nothing was measured. */
export interface Readout {
  /** At the nearest step. */
  readonly step: Readonly<Record<StepColumn | 'smoothedLoss', number>>
  /** At the nearest validated epoch. */
  readonly epoch: Readonly<Record<EpochColumn | 'score', number>>
}

/** @param x place on the axis; undefined: the last of each */
export function readout(curve: RunCurve, settings: Settings, x: number | undefined): Readout {
  const { axis } = settings
  const step = at(curve.step(axis), x)
  const epoch = at(curve.epoch(axis), x)
  const ofStep = (name: StepColumn): number => curve.step(name).at(step) ?? NaN
  const ofEpoch = (name: EpochColumn): number => curve.epoch(name).at(epoch) ?? NaN
  return {
    step: {
      step: ofStep('step'),
      epoch: ofStep('epoch'),
      seconds: ofStep('seconds'),
      loss: ofStep('loss'),
      lr: ofStep('lr'),
      gradNorm: ofStep('gradNorm'),
      smoothedLoss: curve.smoothed('loss', settings.smoothing).at(step) ?? NaN,
    },
    epoch: {
      epoch: ofEpoch('epoch'),
      step: ofEpoch('step'),
      seconds: ofEpoch('seconds'),
      trainLoss: ofEpoch('trainLoss'),
      validLoss: ofEpoch('validLoss'),
      mIoU: ofEpoch('mIoU'),
      dice: ofEpoch('dice'),
      pixelAccuracy: ofEpoch('pixelAccuracy'),
      score: scoreColumn(curve, settings).at(epoch) ?? NaN,
    },
  }
}

function at(xs: Float64Array, x: number | undefined): number {
  return x === undefined ? xs.length - 1 : nearest(xs, x)
}

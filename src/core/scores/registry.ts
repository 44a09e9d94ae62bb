import { registry } from '../definition.ts'
import {
  cohenKappa,
  frequencyWeightedIoU,
  meanClassAccuracy,
  meanDice,
  meanIoU,
  meanIoUInTruth,
  pixelAccuracy,
} from './pooledMetrics.ts'
import { reducedMetrics } from './reducedMetrics.ts'

/** Every score that follows from stored counts; those of contours need the predictions (see core/boundaries). */
export const metrics = registry(
  [
    meanIoU,
    meanDice,
    pixelAccuracy,
    meanIoUInTruth,
    meanClassAccuracy,
    frequencyWeightedIoU,
    cohenKappa,
    ...reducedMetrics,
  ],
  'metric',
)

import { registry } from '../../core/definition.ts'
import type { LossConfig } from '../../core/experiment.ts'
import type { PixelInputName } from '../../core/pixelInputs.ts'
import { boundary } from './boundary.ts'
import { crossEntropy } from './crossEntropy.ts'
import { dice } from './dice.ts'
import { focal } from './focal.ts'
import { jaccard } from './jaccard.ts'
import { logCoshDice } from './logCoshDice.ts'
import { hausdorffDistanceOneSided } from './hausdorffDistance.ts'
import { lovasz } from './lovasz.ts'
import { matthewsCorrelation } from './matthewsCorrelation.ts'
import { ohemCrossEntropy } from './ohemCrossEntropy.ts'
import { softBinaryCrossEntropy } from './softBinaryCrossEntropy.ts'
import { softCrossEntropy } from './softCrossEntropy.ts'
import { focalTversky, tversky } from './tversky.ts'

/** Every loss that an experiment can name. */
export const losses = registry(
  [
    crossEntropy,
    softCrossEntropy,
    ohemCrossEntropy,
    softBinaryCrossEntropy,
    focal,
    dice,
    logCoshDice,
    jaccard,
    tversky,
    focalTversky,
    lovasz,
    matthewsCorrelation,
    boundary,
    hausdorffDistanceOneSided,
  ],
  'loss',
)

/** What the loader makes of the labels for these losses, each once. */
export function pixelInputsOf(configs: readonly LossConfig[]): readonly PixelInputName[] {
  return [...new Set(configs.flatMap(({ name }) => losses.get(name).pixelInputs ?? []))]
}

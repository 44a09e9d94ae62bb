import { registry } from '../../core/definition.ts'
import { crossEntropy } from './crossEntropy.ts'
import { dice } from './dice.ts'
import { focal } from './focal.ts'
import { jaccard } from './jaccard.ts'
import { logCoshDice } from './logCoshDice.ts'
import { lovasz } from './lovasz.ts'
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
  ],
  'loss',
)

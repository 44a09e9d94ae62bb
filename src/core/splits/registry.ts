import { registry, type Registry } from '../definition.ts'
import { groupKFold } from './groupKFold.ts'
import { groupShuffleSplit } from './groupShuffleSplit.ts'
import { holdOut } from './holdOut.ts'
import { kFold } from './kFold.ts'
import type { SplitMethod } from './method.ts'
import { multilabelStratifiedKFold, multilabelStratifiedShuffleSplit } from './multilabelStratified.ts'
import { predefinedSplit } from './predefinedSplit.ts'
import { repeatedKFold, repeatedStratifiedKFold } from './repeated.ts'
import { shuffleSplit } from './shuffleSplit.ts'
import { stratifiedGroupKFold } from './stratifiedGroupKFold.ts'
import { stratifiedKFold } from './stratifiedKFold.ts'
import { stratifiedShuffleSplit } from './stratifiedShuffleSplit.ts'

/** Every way to split, under scikit-learn's name. */
export const splits: Registry<SplitMethod> = registry<SplitMethod>(
  [
    kFold,
    stratifiedKFold,
    groupKFold,
    stratifiedGroupKFold,
    multilabelStratifiedKFold,
    repeatedKFold,
    repeatedStratifiedKFold,
    holdOut,
    shuffleSplit,
    stratifiedShuffleSplit,
    groupShuffleSplit,
    multilabelStratifiedShuffleSplit,
    predefinedSplit,
  ],
  'split method',
)

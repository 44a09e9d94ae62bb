import { registry, type Registry } from '../definition.ts'
import { groupKFold } from './groupKFold.ts'
import { holdOut } from './holdOut.ts'
import { kFold } from './kFold.ts'
import type { SplitMethod } from './method.ts'

export const splits: Registry<SplitMethod> = registry<SplitMethod>([kFold, groupKFold, holdOut], 'split method')

import { registry } from '../../core/definition.ts'
import { adaBelief } from './adaBelief.ts'
import { adam, adamW } from './adam.ts'
import { adamP } from './adamP.ts'
import { lion } from './lion.ts'
import { withLookahead } from './lookahead.ts'
import { nAdam } from './nAdam.ts'
import { withParameterGroups } from './parameterGroups.ts'
import { rAdam } from './rAdam.ts'
import { sgd } from './sgd.ts'

/** Every optimizer that an experiment can name. */
export const optimizers = registry(
  [adam, adamW, adamP, nAdam, rAdam, adaBelief, lion, sgd].map(withLookahead).map(withParameterGroups),
  'optimizer',
)

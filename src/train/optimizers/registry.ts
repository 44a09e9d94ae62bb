import { registry } from '../../core/definition.ts'
import { adam, adamW } from './adam.ts'
import { sgd } from './sgd.ts'

/** Every optimizer that an experiment can name. */
export const optimizers = registry([adam, adamW, sgd], 'optimizer')

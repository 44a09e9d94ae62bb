import { registry } from '../../core/definition.ts'
import { crossEntropy } from './crossEntropy.ts'
import { dice } from './dice.ts'

/** Every loss that an experiment can name. */
export const losses = registry([crossEntropy, dice], 'loss')

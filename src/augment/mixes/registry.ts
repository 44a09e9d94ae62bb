import { registry } from '../../core/definition.ts'
import { classMix } from './classMix.ts'
import { copyPaste } from './copyPaste.ts'
import { cutMix } from './cutMix.ts'
import type { Mix } from './mix.ts'
import { mixup } from './mixup.ts'
import { mosaic } from './mosaic.ts'
import { snapMix } from './snapMix.ts'

/** All mixes of a batch, in the order in which they are offered. */
export const mixes = registry<Mix>([mixup, cutMix, classMix, snapMix, mosaic, copyPaste], 'mix')

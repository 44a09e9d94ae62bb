import { registry } from '../core/definition.ts'
import { centerCrop } from './centerCrop.ts'
import { horizontalFlip } from './horizontalFlip.ts'
import { padIfNeeded } from './padIfNeeded.ts'
import { randomBrightnessContrast } from './randomBrightnessContrast.ts'
import { randomCrop } from './randomCrop.ts'
import { randomRotate90 } from './randomRotate90.ts'
import { resize } from './resize.ts'
import type { Transform } from './transform.ts'
import { transpose } from './transpose.ts'
import { verticalFlip } from './verticalFlip.ts'

/** All transforms, in the order in which they are offered. */
export const transforms = registry<Transform>(
  [
    resize,
    randomCrop,
    centerCrop,
    padIfNeeded,
    horizontalFlip,
    verticalFlip,
    transpose,
    randomRotate90,
    randomBrightnessContrast,
  ],
  'transform',
)

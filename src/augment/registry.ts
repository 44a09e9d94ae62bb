import { registry } from '../core/definition.ts'
import { affine } from './geometry/affine.ts'
import { centerCrop } from './geometry/centerCrop.ts'
import { coarseDropout } from './dropout/coarseDropout.ts'
import { composers } from './compose/composers.ts'
import { cropNonEmptyMaskIfExists } from './geometry/cropNonEmptyMaskIfExists.ts'
import { d4 } from './geometry/d4.ts'
import { elasticTransform } from './geometry/elasticTransform.ts'
import { gridDistortion } from './geometry/gridDistortion.ts'
import { gridDropout } from './dropout/gridDropout.ts'
import { horizontalFlip } from './geometry/horizontalFlip.ts'
import { longestMaxSize } from './geometry/longestMaxSize.ts'
import { maskDropout } from './dropout/maskDropout.ts'
import { opticalDistortion } from './geometry/opticalDistortion.ts'
import { padIfNeeded } from './geometry/padIfNeeded.ts'
import { perspective } from './geometry/perspective.ts'
import { randomBrightnessContrast } from './randomBrightnessContrast.ts'
import { randomCrop } from './geometry/randomCrop.ts'
import { randomGridShuffle } from './geometry/randomGridShuffle.ts'
import { randomResizedCrop } from './geometry/randomResizedCrop.ts'
import { randomRotate90 } from './geometry/randomRotate90.ts'
import { randomScale } from './geometry/randomScale.ts'
import { resize } from './geometry/resize.ts'
import { rotate } from './geometry/rotate.ts'
import { safeRotate } from './geometry/safeRotate.ts'
import { shiftScaleRotate } from './geometry/shiftScaleRotate.ts'
import { smallestMaxSize } from './geometry/smallestMaxSize.ts'
import type { Transform } from './transform.ts'
import { transpose } from './geometry/transpose.ts'
import { verticalFlip } from './geometry/verticalFlip.ts'

/** All transforms but composers, in the order in which they are offered. */
const single: readonly Transform[] = [
  resize,
  longestMaxSize,
  smallestMaxSize,
  randomScale,
  randomCrop,
  centerCrop,
  cropNonEmptyMaskIfExists,
  randomResizedCrop,
  padIfNeeded,
  horizontalFlip,
  verticalFlip,
  transpose,
  randomRotate90,
  d4,
  rotate,
  safeRotate,
  shiftScaleRotate,
  affine,
  perspective,
  elasticTransform,
  gridDistortion,
  opticalDistortion,
  randomGridShuffle,
  randomBrightnessContrast,
  coarseDropout,
  gridDropout,
  maskDropout,
]

export const transforms = registry<Transform>([...single, ...composers(single)], 'transform')

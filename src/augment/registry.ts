import { registry } from '../core/definition.ts'
import { composers } from './compose/composers.ts'
import { coarseDropout } from './dropout/coarseDropout.ts'
import { gridDropout } from './dropout/gridDropout.ts'
import { maskDropout } from './dropout/maskDropout.ts'
import { affine } from './geometry/affine.ts'
import { centerCrop } from './geometry/centerCrop.ts'
import { cropNonEmptyMaskIfExists } from './geometry/cropNonEmptyMaskIfExists.ts'
import { d4 } from './geometry/d4.ts'
import { elasticTransform } from './geometry/elasticTransform.ts'
import { gridDistortion } from './geometry/gridDistortion.ts'
import { horizontalFlip } from './geometry/horizontalFlip.ts'
import { longestMaxSize } from './geometry/longestMaxSize.ts'
import { opticalDistortion } from './geometry/opticalDistortion.ts'
import { padIfNeeded } from './geometry/padIfNeeded.ts'
import { perspective } from './geometry/perspective.ts'
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
import { transpose } from './geometry/transpose.ts'
import { verticalFlip } from './geometry/verticalFlip.ts'
import { blur } from './intensity/blur.ts'
import { channelShuffle } from './intensity/channelShuffle.ts'
import { clahe } from './intensity/clahe.ts'
import { colorJitter } from './intensity/colorJitter.ts'
import { gaussNoise } from './intensity/gaussNoise.ts'
import { gaussianBlur } from './intensity/gaussianBlur.ts'
import { hueSaturationValue } from './intensity/hueSaturationValue.ts'
import { imageCompression } from './intensity/imageCompression.ts'
import { invertImg } from './intensity/invertImg.ts'
import { isoNoise } from './intensity/isoNoise.ts'
import { medianBlur } from './intensity/medianBlur.ts'
import { motionBlur } from './intensity/motionBlur.ts'
import { posterize } from './intensity/posterize.ts'
import { randomBrightnessContrast } from './intensity/randomBrightnessContrast.ts'
import { randomFog } from './intensity/randomFog.ts'
import { randomGamma } from './intensity/randomGamma.ts'
import { randomShadow } from './intensity/randomShadow.ts'
import { rgbShift } from './intensity/rgbShift.ts'
import { sharpen } from './intensity/sharpen.ts'
import { solarize } from './intensity/solarize.ts'
import { toGray } from './intensity/toGray.ts'
import type { Transform } from './transform.ts'

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
  randomGamma,
  colorJitter,
  hueSaturationValue,
  rgbShift,
  clahe,
  toGray,
  channelShuffle,
  invertImg,
  posterize,
  solarize,
  blur,
  gaussianBlur,
  motionBlur,
  medianBlur,
  sharpen,
  gaussNoise,
  isoNoise,
  imageCompression,
  randomShadow,
  randomFog,
  coarseDropout,
  gridDropout,
  maskDropout,
]

export const transforms = registry<Transform>([...single, ...composers(single)], 'transform')

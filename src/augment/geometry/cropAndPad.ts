import * as z from 'zod'
import { borderArguments, borderOf, type BorderValues } from '../warp/border.ts'
import { cropSize, exceedingCrop } from './cropSize.ts'
import { pad, padCorner, padPositions, type PadPosition } from '../pad.ts'
import type { Sample, Size } from '../sample.ts'
import { pixels, probability, type Random } from '../transform.ts'

/** Arguments of RandomCrop and CenterCrop. */
export const cropArguments = z.object({
  height: pixels('Height of the crop in pixels.'),
  width: pixels('Width of the crop in pixels.'),
  pad_if_needed: z
    .boolean()
    .default(false)
    .describe('Images that are smaller than the crop get a border; otherwise they are an error (default false).'),
  pad_position: z.enum(padPositions).default('center').describe('Where a smaller image comes to lie (default center).'),
  ...borderArguments('constant'),
  p: probability(1),
})

interface CropArguments extends Size, BorderValues {
  readonly pad_if_needed: boolean
  readonly pad_position: PadPosition
}

/** @throws UserError when the crop does not fit and nothing is padded */
export function croppedSize(name: string, size: Size, args: CropArguments): Size {
  const { height, width, pad_if_needed } = args
  return pad_if_needed ? { height, width } : cropSize(size, args, exceedingCrop(size, args), name)
}

/** The image with a border, if it needs one, so that the crop fits. */
export function fittingSample(name: string, sample: Sample, args: CropArguments, random: Random): Sample {
  croppedSize(name, sample, args)
  const size = { height: Math.max(sample.height, args.height), width: Math.max(sample.width, args.width) }
  if (size.height === sample.height && size.width === sample.width) return sample
  return pad(
    sample,
    size,
    padCorner(sample, size, args.pad_position, (n) => random.integer(n)),
    borderOf(args),
  )
}

import * as z from 'zod'

// Arguments that several architectures of segmentation_models_pytorch have, under its names.

export const encoderDepth = z
  .int()
  .min(3)
  .max(5)
  .default(5)
  .describe('Number of encoder stages used; each halves the resolution.')

/** @param strides that the architecture offers, its own default first */
export function outputStride<Stride extends 8 | 16 | 32>(strides: readonly [Stride, Stride]) {
  return z
    .union([z.literal(strides[0]), z.literal(strides[1])])
    .default(strides[0] as never)
    .describe('Pixels of the image per pixel of the deepest features: stages beyond it dilate instead of halving.')
}

export const channelCount = z.int().min(1).max(4096)

export const blockChannels = z
  .array(channelCount)
  .default([256, 128, 64, 32, 16])
  .describe('Channels of each decoder block, the deepest first; as many as encoder_depth.')

/** What zod's `refine` takes: a condition over the arguments, and what is said where it does not hold. */
export type Refinement<Arguments> = [
  (given: Arguments) => boolean,
  {
    path: string[]
    message: string
    params: { readonly allowed: string; readonly hint: string }
  },
]

/** For `refine`: as many `decoder_channels` as the encoder has stages. */
export const hasChannelsForEveryStage: Refinement<{
  readonly encoder_depth: number
  readonly decoder_channels: readonly number[]
}> = [
  ({ encoder_depth, decoder_channels }) => decoder_channels.length === encoder_depth,
  {
    path: ['decoder_channels'],
    message: 'needs as many numbers as encoder_depth.',
    params: {
      allowed: 'one number per encoder stage',
      hint: 'Give as many channels as encoder_depth, the deepest first.',
    },
  },
]

export const blockInterpolation = z
  .enum(['nearest', 'bilinear'])
  .default('nearest')
  .describe('How a decoder block enlarges its input (bilinear: align_corners=False).')

/** A probability of dropout. */
export const dropoutRate = z.number().min(0).lt(1)

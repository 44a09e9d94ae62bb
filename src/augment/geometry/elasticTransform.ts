import * as z from 'zod'
import { borderArguments } from '../warp/border.ts'
import { smoothedNoise } from '../warp/displacement.ts'
import { fillNormal } from '../normalNoise.ts'
import type { Size } from '../sample.ts'
import { displacementMap } from '../warp/sourceMap.ts'
import { defineDrawnTransform, probability, type Random } from '../transform.ts'
import { warp, type Warp } from '../warp/warp.ts'
import { warpInterpolation, warpOf } from '../warp/warpArguments.ts'

/** Of the kernel of 17×17 that Albumentations takes whatever sigma is. */
const fixedRadius = 8

export const elasticTransform = defineDrawnTransform({
  name: 'ElasticTransform',
  summary: 'Displaces every pixel by smooth random noise.',
  arguments: z.object({
    alpha: z.number().min(0).max(100_000).default(1).describe('Pixels by which noise of deviation 1 displaces, before it is smoothed (default 1).'), // prettier-ignore
    sigma: z.number().min(1).max(1000).default(50).describe('Deviation of the Gaussian in pixels, whose kernel is cut to 17×17 (default 50).'), // prettier-ignore
    interpolation: warpInterpolation,
    approximate: z
      .boolean()
      .default(false)
      .describe('Take a kernel as wide as sigma asks for, 8 times sigma, up to the size of the image (default false).'),
    same_dxdy: z.boolean().default(false).describe('Displace by as much across as down (default false).'),
    noise_distribution: z
      .enum(['gaussian', 'uniform'])
      .default('gaussian')
      .describe('Noise with mean 0 and deviation 1, or uniform in −1 … 1 (default gaussian).'),
    ...borderArguments('constant'),
    p: probability(0.5),
  }),
  outputSizes: (size) => [size],
  draw: (sample, args, random): Warp => {
    const { height, width } = sample
    const radius = args.approximate ? Math.min(Math.round(args.sigma * 4), height - 1, width - 1) : fixedRadius
    const field = (): Float32Array =>
      smoothedNoise(drawNoise(sample, args.noise_distribution, random), sample, args.sigma, radius, args.alpha)
    const across = field()
    return warpOf(sample, args, displacementMap(across, args.same_dxdy ? across : field()))
  },
  perform: warp,
})

function drawNoise({ height, width }: Size, distribution: 'gaussian' | 'uniform', random: Random): Float32Array {
  const noise = new Float32Array(height * width)
  if (distribution === 'gaussian') fillNormal(noise, random)
  else for (let i = 0; i < noise.length; i++) noise[i] = 2 * random.next() - 1
  return noise
}

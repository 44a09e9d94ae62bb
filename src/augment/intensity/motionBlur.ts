import * as z from 'zod'
import { convolve, type Kernel } from '../pixels/convolve.ts'
import { drawFrom, drawOdd, kernelSides, pair, upTo, type Range } from '../ranges.ts'
import { defineDrawnTransform, probability, type Random } from '../transform.ts'

export const motionBlur = defineDrawnTransform({
  name: 'MotionBlur',
  summary: 'Blurs along a line of random length, direction and place.',
  arguments: z.object({
    blur_limit: kernelSides(7).describe(
      'Side of the kernel in pixels, an odd number of this range; one number b means 3 … b (default 7).',
    ),
    allow_shifted: z.boolean().default(true).describe('Whether the line may lie off the centre (default true).'),
    angle_range: pair([0, 360], 0, 360).describe('Direction of the line in degrees (default [0, 360]).'),
    direction_range: pair([-1, 1], -1, 1).describe(
      'How far the line is drawn out to both sides: 0 as long as the kernel, ±1 twice that (default [-1, 1]).',
    ),
    p: probability(0.5),
  }),
  outputSizes: (size) => [size],
  draw: (_sample, args, random) => lineKernel(drawOdd(upTo(args.blur_limit, 3), random), args, random),
  perform: (sample, kernel: Kernel) => ({ ...sample, image: convolve({ ...sample, channels: 3 }, kernel) }),
})

interface LineArguments {
  readonly allow_shifted: boolean
  readonly angle_range: Range
  readonly direction_range: Range
}

/** Pixels of a line through the kernel, all of one weight (Albumentations 1.4 create_motion_kernel). */
function lineKernel(
  side: number,
  { allow_shifted, angle_range, direction_range }: LineArguments,
  random: Random,
): Kernel {
  const centre = (side - 1) / 2
  const angle = (drawFrom(angle_range, random) * Math.PI) / 180
  const reach = centre * (1 + Math.abs(drawFrom(direction_range, random)))
  const shift = (): number => (allow_shifted ? (drawFrom([-1, 1], random) * centre) / 2 : 0)
  const [shiftX, shiftY] = [shift(), shift()]
  const points = new Set<number>()
  for (let i = 0; i < 2 * side; i++) {
    const t = reach * ((2 * i) / (2 * side - 1) - 1)
    const x = within(centre + Math.cos(angle) * t + shiftX, side)
    const y = within(centre + Math.sin(angle) * t + shiftY, side)
    points.add(y * side + x)
  }
  const weights = new Float64Array(side * side)
  for (const point of points) weights[point] = 1 / points.size
  return { side, weights }
}

function within(position: number, side: number): number {
  return Math.min(side - 1, Math.max(0, Math.round(position)))
}

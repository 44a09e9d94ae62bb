import type { Sample, Size } from '../sample.ts'
import type { Random, Transform } from '../transform.ts'

/** A transform with all its arguments. */
export interface Step {
  readonly transform: Transform
  readonly args: { readonly p: number }
}

/** All transforms in order; `p` is drawn once per transform and image, whether or not it is 1. */
export function applySteps(sample: Sample, steps: readonly Step[], random: Random): Sample {
  return steps.reduce((current, { transform, args }) => {
    return random.next() < args.p ? transform.apply(current, args, random) : current
  }, sample)
}

/** Every size that images of the possible sizes can have after it; the same one may come several times. */
export function sizesAfterStep(possible: readonly Size[], { transform, args }: Step): readonly Size[] {
  const changed = args.p > 0 ? possible.flatMap((size) => transform.outputSizes(size, args)) : []
  return args.p < 1 ? [...possible, ...changed] : changed
}

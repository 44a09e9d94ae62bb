import type { Size } from '../augment/sample.ts'
import { UserError } from '../core/errors.ts'
import { peakBytes } from '../graph/peakBytes.ts'
import type { Program } from '../graph/program.ts'

/** @throws UserError where the values of a forward pass cannot be in memory together: better than being killed half-way */
export function checkMemory(program: Program, { height, width }: Size, availableBytes: number): void {
  const needed = peakBytes(program)
  if (needed <= availableBytes) return
  throw new UserError(
    `The network needs about ${gibibytes(needed)} for ${height}×${width} pixels (height × width) at once; ${gibibytes(availableBytes)} are free.`,
    {
      value: `${height}×${width}`,
      hint: 'Let a window slide over the image: "inference": { "window": [512, 512] } in the experiment, or "foldwise predict --window 512".',
      code: 'out-of-memory',
    },
  )
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`
}

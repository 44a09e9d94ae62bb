import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { resizeSample } from '../src/augment/resizeSample.ts'
import { stream } from '../src/core/random.ts'
import { sides } from './augmentCases.ts'

/** Pixels of a patch of one colour and label, before they are smoothed. */
const patch = 16

/**
 * A smooth image and a patchy mask of each side, as raw bytes [side, side, 3] and then [side, side] in a file, in a folder that goes
 * with the process.
 */
export function drawAugmentImages(): Readonly<Record<number, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'foldwise-bench-'))
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true })
  })
  return Object.fromEntries(
    sides.map((side) => {
      const random = stream(0, side)
      const small = { height: side / patch, width: side / patch }
      const draw = (count: number, below: number): Uint8Array =>
        Uint8Array.from({ length: count }, () => random.integer(below))
      const area = small.height * small.width
      const { image, mask } = resizeSample(
        { ...small, image: draw(area * 3, 256), mask: draw(area, 5) },
        { height: side, width: side },
      )
      const file = join(folder, `${side}.raw`)
      writeFileSync(file, Buffer.concat([image, mask]))
      return [side, file]
    }),
  )
}

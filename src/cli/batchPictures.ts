import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { denormalized, type Rgb } from '../augment/normalize.ts'
import { classColors } from '../data/classColors.ts'
import type { Batch } from '../data/loader/batchLoader.ts'
import { writeFileAtomic } from '../runs/atomicFile.ts'
import { writeError } from '../runs/diskErrors.ts'
import { normalizationOf } from '../train/initialWeights.ts'
import type { RunPlan } from '../train/runPlan.ts'

/** One image of a batch as it is drawn. */
export interface BatchPicture {
  /** [height, width, 3] */
  readonly image: Uint8Array
  /** [height, width] */
  readonly truth: Uint8Array
  readonly colors: readonly Rgb[]
  readonly height: number
  readonly width: number
}

/** An image of a batch as the network sees it, with its labels. */
export function pictureOf(batch: Batch, index: number, { config, rules }: RunPlan): BatchPicture {
  const { height, width } = batch
  const area = height * width
  return {
    image: denormalized(batch.image.subarray(index * 3 * area, (index + 1) * 3 * area), normalizationOf(config.model)),
    truth: Uint8Array.from(batch.target.subarray(index * area, (index + 1) * area)),
    colors: classColors(rules.classes.colors),
    height,
    width,
  }
}

/**
 * Writes a PNG under an image's name, which may lie in a folder of its own.
 * @param prefix before the file's name  @returns its path  @throws UserError `disk-full` or `cannot-write`
 */
export async function writePng(folder: string, name: string, png: Uint8Array, prefix = ''): Promise<string> {
  const inside = name.replace(/\.[^./]+$/, '')
  const file = join(folder, dirname(inside), `${prefix}${inside.split('/').at(-1)!}.png`)
  try {
    mkdirSync(dirname(file), { recursive: true })
  } catch (error) {
    throw writeError(error, dirname(file))
  }
  await writeFileAtomic(file, [png])
  return file
}

import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { denormalized } from '../augment/normalize.ts'
import { classColors } from '../data/classColors.ts'
import type { Batch } from '../data/loader/batchLoader.ts'
import { overlayPng } from '../data/overlay.ts'
import { writeFileAtomic } from '../runs/atomicFile.ts'
import { writeError } from '../runs/diskErrors.ts'
import { normalizationOf } from '../train/initialWeights.ts'
import type { RunPlan } from '../train/runPlan.ts'

/** Writes one picture per validation image (image, truth, prediction, errors) as the network saw it, and remembers where. */
export class OverlayWriter {
  /** Image name → absolute path of its picture. */
  readonly files = new Map<string, string>()
  private readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  /** @param labels [count·H·W]  @throws UserError `disk-full` or `cannot-write` */
  async write(batch: Batch, labels: Int32Array, { config, rules }: RunPlan): Promise<void> {
    const { names, height, width } = batch
    const area = height * width
    const colors = classColors(rules.classes.colors)
    const normalization = normalizationOf(config.model)
    for (const [index, name] of names.entries()) {
      const image = denormalized(batch.image.subarray(index * 3 * area, (index + 1) * 3 * area), normalization)
      const truth = Uint8Array.from(batch.target.subarray(index * area, (index + 1) * area))
      const prediction = Uint8Array.from(labels.subarray(index * area, (index + 1) * area))
      const file = join(this.folder, `${name.replace(/\.[^./]+$/, '')}.png`)
      makeFolder(dirname(file))
      await writeFileAtomic(file, [overlayPng({ image, truth, prediction, colors, height, width })])
      this.files.set(name, file)
    }
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw writeError(error, folder)
  }
}

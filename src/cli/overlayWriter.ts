import type { Batch } from '../data/loader/batchLoader.ts'
import { overlayPng } from '../data/overlay.ts'
import type { RunPlan } from '../train/runPlan.ts'
import { pictureOf, writePng } from './batchPictures.ts'

/** Writes one picture per validation image (image, truth, prediction, errors) as the network saw it, and remembers where. */
export class OverlayWriter {
  /** Image name → absolute path of its picture. */
  readonly files = new Map<string, string>()
  private readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  /** @param labels [count·H·W]  @throws UserError `disk-full` or `cannot-write` */
  async write(batch: Batch, labels: Int32Array, plan: RunPlan): Promise<void> {
    const area = batch.height * batch.width
    for (const [index, name] of batch.names.entries()) {
      const prediction = Uint8Array.from(labels.subarray(index * area, (index + 1) * area))
      const png = overlayPng({ ...pictureOf(batch, index, plan), prediction })
      this.files.set(name, await writePng(this.folder, name, png))
    }
  }
}

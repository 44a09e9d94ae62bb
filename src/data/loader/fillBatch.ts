import { prepareMix, type BatchMix } from '../../augment/mixes/applyMix.ts'
import { normalizeInto } from '../../augment/normalize.ts'
import { applyPipeline, preparePipeline, type Pipeline } from '../../augment/pipeline.ts'
import type { Sample, Size } from '../../augment/sample.ts'
import { UserError } from '../../core/errors.ts'
import { stream } from '../../core/random.ts'
import { mapConcurrently } from '../mapConcurrently.ts'
import { decodeSample } from './decodeSample.ts'
import type { BatchFilled, BatchItem, BatchRequest, LoaderSettings } from './messages.ts'

/** Images of one batch that are decoded at the same time; libvips has threads of its own. */
const concurrentDecodes = 2

/** Decodes, augments and normalises batches; the same code in a worker and in the trainer's own thread. */
export class BatchFiller {
  readonly #settings: LoaderSettings
  readonly #pipeline: Pipeline
  readonly #mix: BatchMix

  /** @throws UserError when the augment list or the mix is wrong */
  constructor(settings: LoaderSettings) {
    this.#settings = settings
    this.#pipeline = preparePipeline(settings.augment)
    this.#mix = prepareMix(settings.mix)
  }

  /** @throws UserError for files that cannot be used and for images that come out in another size than the batch has */
  async fill({ items, epoch, batch, size, buffers, isCaching }: BatchRequest): Promise<BatchFilled> {
    const decoded: { index: number; sample: Sample }[] = []
    await mapConcurrently(items, concurrentDecodes, async (item, position) => {
      const sample = item.cached ?? (await this.#decode(item, isCaching, decoded))
      const ready = epoch === null ? sample : this.#augment(sample, epoch, item.index)
      checkSize(ready, size, item)
      normalizeInto(buffers.image, position, ready.image, this.#settings)
      buffers.target.set(ready.mask, position * ready.mask.length)
    })
    if (epoch === null || batch === null) return { buffers, decoded }
    const mixed = { ...buffers, ...size, count: items.length }
    return { buffers, decoded, second: this.#mix(mixed, stream(this.#settings.seed, 'mix', epoch, batch)) }
  }

  async #decode(
    { index, pair }: BatchItem,
    isCaching: boolean,
    decoded: { index: number; sample: Sample }[],
  ): Promise<Sample> {
    const sample = await decodeSample(pair, this.#settings.rules, this.#settings.resize)
    if (!isCaching) return sample
    const shared = { ...sample, image: inSharedMemory(sample.image), mask: inSharedMemory(sample.mask) }
    decoded.push({ index, sample: shared })
    return shared
  }

  #augment(sample: Sample, epoch: number, index: number): Sample {
    return applyPipeline(sample, this.#pipeline, stream(this.#settings.seed, 'augment', epoch, index))
  }
}

/** One copy serves all threads. */
function inSharedMemory(bytes: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length))
  shared.set(bytes)
  return shared
}

function checkSize(ready: Sample, size: Size, { pair }: BatchItem): void {
  if (ready.height === size.height && ready.width === size.width) return
  throw new UserError(
    `this image reaches the network with ${ready.height}x${ready.width} (height x width) pixels, the batch has ${size.height}x${size.width}`,
    {
      file: pair.image,
      hint: 'Set data.image_size, or add Resize or RandomCrop with p 1 to augment.',
      code: 'several-sizes',
    },
  )
}

import { prepareMix, type BatchMix } from '../../augment/mixes/applyMix.ts'
import type { MixedBatch } from '../../augment/mixes/mix.ts'
import { normalizeInto } from '../../augment/normalize.ts'
import { applyPipeline, preparePipeline, type Pipeline } from '../../augment/pipeline.ts'
import type { Sample, Size } from '../../augment/sample.ts'
import { UserError } from '../../core/errors.ts'
import { pixelInputs, type PixelInputName } from '../../core/pixelInputs.ts'
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
      const ready = epoch === null ? sample : this.#augment(sample, epoch, item)
      checkSize(ready, size, item)
      normalizeInto(buffers.image, position, ready.image, this.#settings)
      buffers.target.set(ready.mask, position * ready.mask.length)
    })
    const whole = { ...buffers, ...size, count: items.length }
    const isMixed = epoch !== null && batch !== null
    const second = isMixed ? this.#mix(whole, stream(this.#settings.seed, 'mix', epoch, batch)) : undefined
    // Of the labels as the mix leaves them.
    for (const [name, values] of Object.entries(buffers.inputs)) this.#makeInput(name as PixelInputName, whole, values)
    return { buffers, decoded, second }
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

  #makeInput(name: PixelInputName, { target, count, height, width }: MixedBatch, values: Float32Array): void {
    const classes = this.#settings.rules.classes.count
    const pixels = height * width
    for (let image = 0; image < count; image++) {
      const [labels, own] = [pixels, pixels * classes].map((length) => [image * length, (image + 1) * length] as const)
      pixelInputs[name](target.subarray(...labels), { height, width }, classes, values.subarray(...own))
    }
  }

  #augment(sample: Sample, epoch: number, { index, repeat }: BatchItem): Sample {
    const keys = repeat === 0 ? [epoch, index] : [epoch, index, repeat]
    return applyPipeline(sample, this.#pipeline, stream(this.#settings.seed, 'augment', ...keys))
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

import type { SecondLabels } from '../../augment/mixes/mix.ts'
import type { Size } from '../../augment/sample.ts'
import type { PixelInputName } from '../../core/pixelInputs.ts'
import { stream } from '../../core/random.ts'
import { drawImages, shuffled, type Draw } from '../../core/samplers/drawImages.ts'
import type { ImagePair } from '../folders.ts'
import { readPairSizes } from '../pairSizes.ts'
import { BufferPool } from './bufferPool.ts'
import { BatchFiller } from './fillBatch.ts'
import type { BatchFilled, BatchRequest, LoaderSettings } from './messages.ts'
import { SampleCache } from './sampleCache.ts'
import { WorkerPool, workerUrl } from './workerPool.ts'

export interface LoaderOptions extends LoaderSettings, Size {
  readonly entries: readonly ImagePair[]
  readonly batchSize: number
  /** Size of training batches after resize and augment (see pipelineSize). */
  readonly height: number
  readonly width: number
  /** Of each entry at every training draw, summing to 1; where left out, each comes once an epoch. */
  readonly probabilities?: readonly number[] | undefined
  /** Threads that fill batches; 0 fills them in the caller's thread. */
  readonly workers: number
  /** Most bytes of decoded samples that are kept between epochs (default 512 MiB); 0 keeps none. */
  readonly cacheBytes?: number
  /** The worker's file, where it is not the built one beside the program. */
  readonly workerUrl?: URL
}

/** Images ready for the network. The arrays are valid until the next batch is asked for: their memory is used again then. */
export interface Batch extends Size {
  /** [count, 3, height, width], normalised */
  readonly image: Float32Array
  /** [count, height, width], class index or 255 = ignored */
  readonly target: Int32Array
  /** [count · height · width, classes] under each of the loader's `pixelInputs`. */
  readonly inputs: Readonly<Partial<Record<PixelInputName, Float32Array>>>
  /** Names of the entries, in the order of the batch. */
  readonly names: readonly string[]
  readonly count: number
  /** Where the loss counts the labels of two images. */
  readonly second?: SecondLabels | undefined
}

interface Plan extends Size {
  readonly draws: readonly Draw[]
  /** Its place in the epoch; null for what is not mixed. */
  readonly batch: number | null
}

/**
 * Decodes, resizes, augments and normalises batches ahead of the trainer. What a batch holds depends on (seed, epoch, index)
 * alone: not on the number of workers, and not on where a resumed run begins. Ahead of the consumer are at most
 * max(2, workers + 1) batches.
 */
export class BatchLoader {
  readonly #options: LoaderOptions
  readonly #filler: { fill(request: BatchRequest): Promise<BatchFilled> }
  readonly #pool: WorkerPool | undefined
  readonly #cache: SampleCache
  readonly #buffers: BufferPool

  /** @throws UserError when the augment list is wrong */
  constructor(options: LoaderOptions) {
    const { rules, resize, augment, mix, mean, std, seed, pixelInputs = [] } = options
    const { workers, cacheBytes = 512 * 1024 * 1024 } = options
    const settings: LoaderSettings = { rules, resize, augment, mix, mean, std, seed, pixelInputs }
    if (options.entries.length === 0) throw new Error('A loader needs at least one entry')
    this.#options = options
    this.#cache = new SampleCache(cacheBytes)
    this.#buffers = new BufferPool(pixelInputs, rules.classes.count)
    // Made for workers too, so that a wrong augment list is an error here and not in a thread.
    const ownFiller = new BatchFiller(settings)
    this.#pool = workers > 0 ? new WorkerPool(settings, options.workerUrl ?? workerUrl(), workers) : undefined
    this.#filler = this.#pool ?? ownFiller
  }

  /** Images per training batch: the batch size, or all entries where there are fewer. */
  get trainBatchSize(): number {
    return Math.min(this.#options.batchSize, this.#options.entries.length)
  }

  /** Training batches per epoch. */
  get trainBatches(): number {
    return Math.floor(this.#options.entries.length / this.trainBatchSize)
  }

  /**
   * One epoch as stream(seed, 'order', epoch) orders or draws it, randomly transformed. Every batch has `trainBatchSize` images:
   * the compiled step has fixed shapes, so an incomplete last batch is dropped (other images each epoch), unless it is the
   * only one.
   * @param firstBatch batches before it are skipped without being made, to resume inside an epoch
   * @param isMixing whether batches are mixed as the experiment says
   */
  async *train(epoch: number, firstBatch = 0, isMixing = true): AsyncGenerator<Batch, void, undefined> {
    const { entries, probabilities, seed, height, width } = this.#options
    const random = stream(seed, 'order', epoch)
    const order = probabilities === undefined ? shuffled(entries.length, random) : drawImages(probabilities, random)
    const size = this.trainBatchSize
    const plans: Plan[] = []
    for (let batch = firstBatch; batch < this.trainBatches; batch++) {
      plans.push({
        draws: order.slice(batch * size, (batch + 1) * size),
        batch: isMixing ? batch : null,
        height,
        width,
      })
    }
    yield* this.#run(plans, epoch)
  }

  /**
   * All entries once, untransformed, in their order; where they keep their own sizes, grouped by size in order of first
   * appearance. The last batch of a size may be smaller: see `count`.
   */
  async *validation(): AsyncGenerator<Batch, void, undefined> {
    const { entries, resize, batchSize } = this.#options
    const sizes =
      resize === null ? await readPairSizes(entries) : entries.map(() => ({ height: resize[0], width: resize[1] }))
    const groups = new Map<string, number[]>()
    sizes.forEach(({ height, width }, index) => {
      const key = `${height}x${width}`
      groups.set(key, [...(groups.get(key) ?? []), index])
    })
    const plans: Plan[] = []
    for (const indices of groups.values()) {
      for (let start = 0; start < indices.length; start += batchSize) {
        const draws = indices.slice(start, start + batchSize).map((index) => ({ index, repeat: 0 }))
        plans.push({ draws, batch: null, ...sizes[indices[0]] })
      }
    }
    yield* this.#run(plans, null)
  }

  /** Ends all threads and frees the memory. Batches that are being made are lost. */
  async dispose(): Promise<void> {
    this.#cache.clear()
    this.#buffers.clear()
    await this.#pool?.dispose()
  }

  /** Keeps a window of batches in the making; the next one is started when the oldest has been taken. */
  async *#run(plans: readonly Plan[], epoch: number | null): AsyncGenerator<Batch, void, undefined> {
    const ahead = Math.max(2, this.#options.workers + 1)
    const underWay: Promise<BatchFilled>[] = []
    try {
      for (let next = 0, taken = 0; taken < plans.length; taken++) {
        while (next < plans.length && underWay.length < ahead) underWay.push(this.#start(plans[next++], epoch))
        const { buffers, second } = await underWay.shift()!
        const { draws, height, width } = plans[taken]
        const names = draws.map(({ index }) => this.#options.entries[index].name)
        yield { ...buffers, names, count: draws.length, height, width, second }
        this.#buffers.giveBack(buffers)
      }
    } finally {
      // After an early end or an error: what is still being made comes back to the pool, its failures concern nobody.
      for (const batch of underWay) batch.then(({ buffers }) => { this.#buffers.giveBack(buffers) }, () => undefined) // prettier-ignore
    }
  }

  #start(plan: Plan, epoch: number | null): Promise<BatchFilled> {
    const made = this.#make(plan, epoch)
    // It is awaited only when its turn comes; until then a failure must not count as unhandled.
    made.catch(() => undefined)
    return made
  }

  async #make({ draws, batch, height, width }: Plan, epoch: number | null): Promise<BatchFilled> {
    const size = { height, width }
    const items = draws.map(({ index, repeat }) => ({
      index,
      repeat,
      pair: this.#options.entries[index],
      cached: this.#cache.get(index),
    }))
    const buffers = this.#buffers.take(draws.length, size)
    const filled = await this.#filler.fill({
      items,
      epoch,
      batch,
      size,
      buffers,
      isCaching: this.#cache.hasRoom,
    })
    for (const { index, sample } of filled.decoded) this.#cache.add(index, sample)
    return filled
  }
}

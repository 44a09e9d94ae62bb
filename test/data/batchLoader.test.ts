import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { describe, expect, it, onTestFinished } from 'vitest'
import { UserError } from '../../src/core/errors.ts'
import { signedDistances } from '../../src/core/signedDistances.ts'
import { pairFolders, type ImagePair } from '../../src/data/folders.ts'
import { BatchLoader, type Batch, type LoaderOptions } from '../../src/data/loader/batchLoader.ts'
import { writeSampleDataset } from '../../src/data/sample/sampleDataset.ts'
import { rulesOf, temporaryFolder } from './dataset.ts'
import { loaderWorkerUrl } from './loaderWorker.ts'

const classes = ['background', 'disc', 'square', 'triangle', 'ring'].map((name, id) => ({ id, name }))

async function sampleEntries(count: number, size = 40): Promise<{ folder: string; entries: readonly ImagePair[] }> {
  const folder = temporaryFolder()
  await writeSampleDataset(folder, { seed: 5, count, size })
  const { pairs } = await pairFolders({ root: folder, images: 'images', masks: 'masks' })
  return { folder, entries: pairs }
}

async function makeLoader(entries: readonly ImagePair[], changes: Partial<LoaderOptions> = {}): Promise<BatchLoader> {
  const loader = new BatchLoader({
    entries,
    rules: rulesOf(classes, null),
    resize: [32, 48],
    mix: null,
    augment: [
      { name: 'HorizontalFlip' },
      { name: 'RandomCrop', height: 16, width: 24 },
      { name: 'RandomBrightnessContrast', p: 0.5 },
    ],
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
    batchSize: 4,
    height: 16,
    width: 24,
    seed: 9,
    workers: 0,
    workerUrl: await loaderWorkerUrl(),
    ...changes,
  })
  onTestFinished(async () => loader.dispose())
  return loader
}

/** Copies, because the loader uses the memory of a batch again. */
async function collect(batches: AsyncIterable<Batch>): Promise<Batch[]> {
  const all: Batch[] = []
  for await (const batch of batches) all.push(structuredClone(batch))
  return all
}

/** Threads that are alive in this process. */
function threads(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'MessagePort').length
}

/** The type checker takes a variable that only a callback sets for constant. */
function isSet(read: () => boolean): boolean {
  return read()
}

describe('training batches', () => {
  it('depend on seed and epoch, not on the number of workers or on the cache', async () => {
    const { entries } = await sampleEntries(13)
    const reference = await makeLoader(entries, { cacheBytes: 0 })
    const first = await collect(reference.train(0))
    const second = await collect(reference.train(1))
    expect(second).not.toEqual(first)
    for (const workers of [0, 1, 3]) {
      const loader = await makeLoader(entries, { workers })
      expect(await collect(loader.train(0))).toEqual(first)
      expect(await collect(loader.train(1))).toEqual(second)
      expect(await collect(loader.train(0))).toEqual(first)
    }
    expect(await collect((await makeLoader(entries, { seed: 10 })).train(0))).not.toEqual(first)
  })

  it('are drawn by probabilities, a repeated image with other transforms each time, whatever the number of workers', async () => {
    const { entries } = await sampleEntries(6)
    const probabilities = [0.75, 0.05, 0.05, 0.05, 0.05, 0.05]
    const first = await collect((await makeLoader(entries, { probabilities, batchSize: 2 })).train(0))
    expect(first.flatMap(({ names }) => names).filter((name) => name === entries[0].name).length).toBeGreaterThan(3)
    const images = first.flatMap(({ image }) => [image.slice(0, image.length / 2), image.slice(image.length / 2)])
    expect(new Set(images.map((image) => image.join())).size).toBe(6)
    const threaded = await makeLoader(entries, { probabilities, batchSize: 2, workers: 2 })
    expect(await collect(threaded.train(0))).toEqual(first)
    expect(await collect(threaded.train(0, 2))).toEqual(first.slice(2))
  })

  it('bring with them what losses ask of their labels, whoever makes it', async () => {
    const { entries } = await sampleEntries(5)
    for (const workers of [0, 2]) {
      const loader = await makeLoader(entries, { workers, pixelInputs: ['signedDistances'] })
      const batches = [...(await collect(loader.train(0))), ...(await collect(loader.train(1)))]
      for (const { target, inputs, count, height, width } of batches) {
        const [pixels, values] = [height * width, inputs.signedDistances!]
        expect(values).toHaveLength(count * pixels * classes.length)
        for (let image = 0; image < count; image++) {
          const expected = new Float32Array(pixels * classes.length)
          signedDistances(
            target.subarray(image * pixels, (image + 1) * pixels),
            { height, width },
            classes.length,
            expected,
          )
          expect(values.subarray(image * expected.length, (image + 1) * expected.length)).toEqual(expected)
        }
      }
    }
  })

  it('are mixed the same whatever the number of workers and wherever an epoch is gone on with', async () => {
    const { entries } = await sampleEntries(13)
    const mix = { name: 'Mixup', p: 0.7 }
    const [plain, mixed] = [await makeLoader(entries), await makeLoader(entries, { mix })]
    const first = await collect(mixed.train(0))
    expect(first.some(({ second }) => second !== undefined)).toBe(true)
    expect(await collect((await makeLoader(entries, { mix, workers: 2 })).train(0))).toEqual(first)
    expect(await collect(mixed.train(0, 1))).toEqual(first.slice(1))
    expect(await collect(mixed.train(0, 0, false))).toEqual(await collect(plain.train(0)))
    const all = { resize: [32, 48] as const, mix }
    expect(await collect((await makeLoader(entries, all)).validation())).toEqual(await collect(plain.validation()))
  })

  it('have one size; the incomplete last one is dropped and other images are left out each epoch', async () => {
    const { entries } = await sampleEntries(10)
    const loader = await makeLoader(entries)
    const epochs = await Promise.all([0, 1, 2, 3].map(async (epoch) => collect(loader.train(epoch))))
    for (const batches of epochs) {
      expect(batches.map(({ count }) => count)).toEqual([4, 4])
      expect(loader.trainBatches).toBe(2)
      for (const { image, target } of batches)
        expect([image.length, target.length]).toEqual([4 * 3 * 16 * 24, 4 * 16 * 24])
      expect(new Set(batches.flatMap(({ names }) => names)).size).toBe(8)
    }
    expect(new Set(epochs.flat().flatMap(({ names }) => names)).size).toBe(10)
  })

  it('are one smaller batch where there are fewer images than the batch size', async () => {
    const { entries } = await sampleEntries(3)
    const loader = await makeLoader(entries, { batchSize: 8 })
    expect(loader.trainBatchSize).toBe(3)
    expect((await collect(loader.train(0))).map(({ count }) => count)).toEqual([3])
  })

  it('resume inside an epoch with what an unbroken epoch has there', async () => {
    const { entries } = await sampleEntries(13)
    const loader = await makeLoader(entries)
    const all = await collect(loader.train(2))
    expect(await collect(loader.train(2, 1))).toEqual(all.slice(1))
  })
})

describe('validation batches', () => {
  it('are all images in order, the same each time, without random transforms', async () => {
    const { entries } = await sampleEntries(10)
    const loader = await makeLoader(entries, { workers: 2 })
    const batches = await collect(loader.validation())
    expect(batches.map(({ count, height, width }) => [count, height, width])).toEqual([[4, 32, 48], [4, 32, 48], [2, 32, 48]]) // prettier-ignore
    expect(batches.flatMap(({ names }) => names)).toEqual(entries.map(({ name }) => name))
    expect(await collect(loader.validation())).toEqual(batches)
  })

  it('hold one size each where images keep their own', async () => {
    const folder = temporaryFolder()
    const entries: ImagePair[] = []
    for (const [i, [height, width]] of [
      [8, 6],
      [4, 4],
      [8, 6],
      [8, 6],
      [4, 4],
    ].entries()) {
      // prettier-ignore
      const pair = { name: `${i}.png`, image: join(folder, `${i}.png`), mask: join(folder, `${i}_mask.png`) }
      writeFileSync(
        pair.image,
        encode({ width, height, channels: 3, data: new Uint8Array(width * height * 3).fill(10 * i) }),
      )
      writeFileSync(pair.mask, encode({ width, height, channels: 1, data: new Uint8Array(width * height).fill(i) }))
      entries.push(pair)
    }
    const loader = await makeLoader(entries, {
      resize: null,
      batchSize: 2,
      mean: [0, 0, 0],
      std: [1 / 255, 1 / 255, 1 / 255],
    })
    const batches = await collect(loader.validation())
    expect(batches.map(({ names }) => names)).toEqual([['0.png', '2.png'], ['3.png'], ['1.png', '4.png']])
    expect(batches.map(({ height, width }) => [height, width])).toEqual([[8, 6], [8, 6], [4, 4]]) // prettier-ignore
    expect(batches[2].image.map(Math.round)).toEqual(Float32Array.from({ length: 96 }, (_, i) => (i < 48 ? 10 : 40)))
    expect(batches[2].target).toEqual(Int32Array.from({ length: 32 }, (_, i) => (i < 16 ? 1 : 4)))
  })
})

describe('the loader', () => {
  it('uses the memory of a batch again instead of making garbage', async () => {
    const { entries } = await sampleEntries(24)
    const loader = await makeLoader(entries)
    const memory = new Set<ArrayBufferLike>()
    for (const epoch of [0, 1]) for await (const batch of loader.train(epoch)) memory.add(batch.image.buffer)
    expect(memory.size).toBeLessThanOrEqual(4)
  })

  it.each([0, 2])('hands a broken file on as a UserError that names it (%i workers)', async (workers) => {
    const { folder, entries } = await sampleEntries(6)
    copyFileSync(join(folder, 'masks', entries[0].name), entries[3].image)
    writeFileSync(join(folder, 'masks', entries[2].name), 'not a mask')
    const loader = await makeLoader(entries, { workers })
    const error: unknown = await collect(loader.validation()).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(UserError)
    expect((error as UserError).details.file).toBe(join(folder, 'masks', entries[2].name))
    await expect(collect(loader.train(0))).rejects.toThrow(UserError)
  })

  it('refuses a wrong augment list at once', async () => {
    const { entries } = await sampleEntries(2)
    await expect(makeLoader(entries, { augment: [{ name: 'Flip' }], workers: 2 })).rejects.toThrow(UserError)
  })

  it('says so when an image reaches the network in another size', async () => {
    const { entries } = await sampleEntries(4)
    const loader = await makeLoader(entries, { augment: [] })
    const error: unknown = await collect(loader.train(0)).catch((thrown: unknown) => thrown)
    expect((error as UserError).details.code).toBe('several-sizes')
  })

  it('leaves no thread behind after an early end and dispose', async () => {
    const { entries } = await sampleEntries(16)
    const before = threads()
    const loader = await makeLoader(entries, { workers: 2, batchSize: 2 })
    // Idle threads do not hold the process and are not counted: look while the first batch is being made.
    const batches = loader.train(0)
    const first = batches.next()
    let most = before
    let isMade = false
    void first.then(() => {
      isMade = true
    })
    while (!isSet(() => isMade)) {
      most = Math.max(most, threads())
      await new Promise(setImmediate)
    }
    await batches.return()
    expect(most).toBeGreaterThan(before)
    expect((await collect(loader.train(1))).length).toBe(8)
    await loader.dispose()
    expect(threads()).toBe(before)
    await expect(collect(loader.train(2))).rejects.toThrow('disposed')
  })

  it('rejects a batch that is being made when it is disposed', async () => {
    const { entries } = await sampleEntries(8)
    const loader = await makeLoader(entries, { workers: 1 })
    const waiting = loader.train(0).next()
    await Promise.all([expect(waiting).rejects.toThrow('disposed'), loader.dispose()])
  })
})

// One process of `npm run bench -- input`: times epochs of the loader and prints one JSON line.
import { pathToFileURL } from 'node:url'
import type { NamedArguments } from '../src/core/experiment.ts'
import type { ImagePair } from '../src/data/folders.ts'
import { maskRules } from '../src/data/maskRules.ts'
import { BatchLoader } from '../src/data/loader/batchLoader.ts'

interface Arguments {
  readonly pairs: readonly ImagePair[]
  readonly classes: { readonly id: number; readonly name: string; readonly color: string }[]
  readonly resize: readonly [height: number, width: number] | null
  readonly augment: readonly NamedArguments[]
  readonly batch: number
  readonly size: number
  readonly workers: number
  /** The built loader thread. */
  readonly worker: string
  /** Whether decoded pictures stay in memory between epochs. */
  readonly isKept: boolean
}

const { pairs, classes, resize, augment, batch, size, workers, worker, isKept } = JSON.parse(
  process.argv[2],
) as Arguments
const dataset = { images: 'images', masks: 'masks', classes, ignore_index: null } as const
const loader = new BatchLoader({
  entries: pairs,
  rules: maskRules({ dataset: { ...dataset, format: 'folders', mask_encoding: 'auto' } }),
  resize,
  augment,
  mix: null,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  seed: 0,
  batchSize: batch,
  height: size,
  width: size,
  workers,
  workerUrl: pathToFileURL(worker),
  ...(isKept ? {} : { cacheBytes: 0 }),
})
const minimumMs = 3000
await epoch(0)
const began = performance.now()
let images = 0
for (let number = 1; performance.now() - began < minimumMs; number++) images += await epoch(number)
const seconds = (performance.now() - began) / 1000
await loader.dispose()
console.log(JSON.stringify({ imagesPerSecond: images / seconds }))

async function epoch(number: number): Promise<number> {
  let count = 0
  for await (const filled of loader.train(number)) count += filled.count
  return count
}

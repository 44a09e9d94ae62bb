import { UserError } from '../../core/errors.ts'
import type { ImagePair } from '../folders.ts'
import { mapConcurrently } from '../mapConcurrently.ts'
import type { MaskRules } from '../maskRules.ts'
import type { MaskSource } from '../masks/maskSource.ts'
import { readPairSize } from '../pairSizes.ts'
import type { ScanCache } from './scanCache.ts'
import { scanImage, type ScannedImage } from './scanImage.ts'
import { scanMask, type ScannedMask } from './scanMask.ts'

/** libuv decodes this many images beside each other. */
const concurrency = 4

/** One image with its mask, as far as they can be read. */
export interface PairScan {
  readonly pair: ImagePair
  readonly image: ScannedImage | undefined
  readonly mask: ScannedMask | undefined
  /** Why one of them cannot be read, or why they do not fit together. */
  readonly faults: readonly UserError[]
}

/** A pair that can be trained on. */
export interface WholeScan extends PairScan {
  readonly image: ScannedImage
  readonly mask: ScannedMask
}

export interface ScanOptions {
  readonly rules: MaskRules
  readonly cache?: ScanCache
  readonly onProgress?: (done: number, total: number) => void
  /** Ends the scan before the next file; what was found until then is in the cache. */
  readonly signal?: AbortSignal
}

/** Reads every image and every mask once. @throws the signal's reason when it was aborted */
export async function scanPairs(pairs: readonly ImagePair[], options: ScanOptions): Promise<readonly PairScan[]> {
  const { cache, onProgress, signal } = options
  let done = 0
  try {
    return await mapConcurrently(pairs, concurrency, async (pair) => {
      signal?.throwIfAborted()
      const scan = await scanPair(pair, options)
      onProgress?.(++done, pairs.length)
      return scan
    })
  } finally {
    await cache?.save(new Set(pairs.flatMap(({ image, mask }) => [image, ...(typeof mask === 'string' ? [mask] : [])])))
  }
}

/** The pairs without a fault. */
export function wholeScans(scans: readonly PairScan[]): readonly WholeScan[] {
  return scans.filter((scan): scan is WholeScan => scan.faults.length === 0)
}

/** Whether a mask shows the first class, the background, alone. */
export function hasNoObject({ mask }: Pick<WholeScan, 'mask'>): boolean {
  return mask.classes.slice(1).every(({ pixels }) => pixels === 0)
}

async function scanPair(pair: ImagePair, { rules, cache }: ScanOptions): Promise<PairScan> {
  const faults: UserError[] = []
  const attempt = async <Found>(action: () => Promise<Found>): Promise<Found | undefined> => {
    try {
      return await action()
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      faults.push(error)
      return undefined
    }
  }
  const readMask = async (source: MaskSource): Promise<ScannedMask> => scanMask(source, rules)
  const image = await attempt(async () => cache?.image(pair.image, scanImage) ?? scanImage(pair.image))
  const mask = await attempt(
    async () => (typeof pair.mask === 'string' ? cache?.mask(pair.mask, readMask) : undefined) ?? readMask(pair.mask),
  )
  const isFitting = image?.height === mask?.height && image?.width === mask?.width
  if (image !== undefined && mask !== undefined && !isFitting) await attempt(async () => readPairSize(pair))
  return { pair, image, mask, faults }
}

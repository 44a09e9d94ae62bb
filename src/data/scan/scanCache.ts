import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import * as z from 'zod'
import { pathInside } from '../../runs/containment.ts'
import { writeFileAtomic } from '../../runs/atomicFile.ts'
import type { MaskRules } from '../maskRules.ts'
import { scannedImageSchema, type ScannedImage } from './scanImage.ts'
import { scannedMaskSchema, type ScannedMask } from './scanMask.ts'

const fileState = { bytes: z.number(), mtimeMs: z.number() }
const cacheSchema = z.object({
  /** Raised whenever a scan says anything else of the same file. */
  v: z.literal(1),
  /** Digest of the rules that masks were read by. */
  rules: z.string(),
  images: z.record(z.string(), z.object({ ...fileState, found: scannedImageSchema })),
  masks: z.record(z.string(), z.object({ ...fileState, found: scannedMaskSchema })),
})

interface Entry<Found> {
  readonly bytes: number
  readonly mtimeMs: number
  readonly found: Found
}

/**
 * What earlier scans of a project found, in `foldwise/cache/scan.json`, which git does not see. It only saves time: a file whose
 * size or time of change differs is read again, and a cache that is torn, old or not writable is as good as none.
 */
export class ScanCache {
  readonly #root: string
  readonly #file: string
  readonly #rules: string
  readonly #images: Map<string, Entry<ScannedImage>>
  readonly #masks: Map<string, Entry<ScannedMask>>
  #isChanged = false

  /** @throws UserError `outside-workspace` */
  constructor(root: string, rules: MaskRules) {
    this.#root = root
    this.#file = pathInside(root, 'foldwise', 'cache', 'scan.json')
    const { classes, ignoreIndex, encoding } = rules
    const told = [classes.ids, classes.colors.map((color) => color ?? null), classes.names, ignoreIndex, encoding]
    this.#rules = createHash('sha256').update(JSON.stringify(told)).digest('hex')
    const stored = readCache(this.#file)
    this.#images = new Map(Object.entries(stored?.images ?? {}))
    this.#masks = new Map(stored?.rules === this.#rules ? Object.entries(stored.masks) : [])
  }

  /** What is known of an image, else what `scan` finds. */
  async image(path: string, scan: (path: string) => Promise<ScannedImage>): Promise<ScannedImage> {
    return this.#recall(this.#images, path, scan)
  }

  async mask(path: string, scan: (path: string) => Promise<ScannedMask>): Promise<ScannedMask> {
    return this.#recall(this.#masks, path, scan)
  }

  /** Forgets files that are not in `paths` and writes the rest. */
  async save(paths: ReadonlySet<string>): Promise<void> {
    const kept = new Set(Array.from(paths, (path) => this.#keyOf(path)))
    for (const entries of [this.#images, this.#masks])
      for (const key of entries.keys()) if (!kept.has(key)) this.#isChanged = entries.delete(key)
    if (!this.#isChanged) return
    this.#isChanged = false
    const stored = {
      v: 1,
      rules: this.#rules,
      images: Object.fromEntries(this.#images),
      masks: Object.fromEntries(this.#masks),
    }
    try {
      mkdirSync(dirname(this.#file), { recursive: true })
      writeFileSync(join(dirname(this.#file), '.gitignore'), '*\n')
      await writeFileAtomic(this.#file, JSON.stringify(stored))
    } catch {
      // Next time the files are read again.
    }
  }

  async #recall<Found>(
    entries: Map<string, Entry<Found>>,
    path: string,
    scan: (path: string) => Promise<Found>,
  ): Promise<Found> {
    const key = this.#keyOf(path)
    // Asked before reading: a file that changes meanwhile is read again next time.
    const state = await stat(path).catch(() => undefined)
    const known = entries.get(key)
    if (known !== undefined && known.bytes === state?.size && known.mtimeMs === state.mtimeMs) return known.found
    const found = await scan(path)
    if (state !== undefined) entries.set(key, { bytes: state.size, mtimeMs: state.mtimeMs, found })
    this.#isChanged = true
    return found
  }

  #keyOf(path: string): string {
    return relative(this.#root, path).replaceAll(sep, '/')
  }
}

function readCache(file: string): z.infer<typeof cacheSchema> | undefined {
  try {
    return cacheSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return undefined
  }
}

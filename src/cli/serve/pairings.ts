import { statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ImagePair } from '../../data/folders.ts'
import type { DatasetPlace } from '../../data/formats/format.ts'
import { listPairs } from '../../data/formats/registry.ts'
import { ownMaskFile } from '../../data/masks/maskSource.ts'
import { pathInside } from '../../runs/containment.ts'

/** The images of a project with their masks, found by each of their names. */
export interface Pairing {
  /** Sorted by name. */
  readonly pairs: readonly ImagePair[]
  readonly byName: ReadonlyMap<string, ImagePair>
  /** By absolute path. */
  readonly byImage: ReadonlyMap<string, ImagePair>
  /** Masks that have a file of their own. */
  readonly byMask: ReadonlyMap<string, ImagePair>
}

interface Remembered {
  readonly folders: readonly string[]
  readonly times: string
  readonly pairing: Promise<Pairing>
}

const kept = 8
/** As deep as images are looked for. */
const depthLimit = 8

/**
 * Pairings of data sets, looked for again when one of their folders or their file of annotations has changed: a hover must not list ten thousand files.
 */
export class Pairings {
  private readonly remembered = new Map<string, Remembered>()

  /** @throws UserError as listPairs does */
  async of(choice: DatasetPlace): Promise<Pairing> {
    const key = JSON.stringify(choice)
    const known = this.remembered.get(key)
    if (known !== undefined && timesOf(known.folders) === known.times) return known.pairing
    const folders = await foldersOf(choice)
    // Times before the listing: a file that comes meanwhile makes them old.
    const found = { folders, times: timesOf(folders), pairing: pair(choice) }
    this.remembered.delete(key)
    this.remembered.set(key, found)
    const [oldest] = this.remembered.keys()
    if (this.remembered.size > kept) this.remembered.delete(oldest)
    return found.pairing
  }
}

async function pair(choice: DatasetPlace): Promise<Pairing> {
  const { pairs } = await listPairs(choice)
  return {
    pairs,
    byName: new Map(pairs.map((each) => [each.name, each])),
    byImage: new Map(pairs.map((each) => [each.image, each])),
    byMask: new Map(
      pairs.flatMap((each) => {
        const file = ownMaskFile(each.mask)
        return file === undefined ? [] : [[file, each] as const]
      }),
    ),
  }
}

/** A file that comes or goes changes the time of the folder that holds it, and of no other. */
async function foldersOf({ root, images, masks }: DatasetPlace): Promise<readonly string[]> {
  const folders = new Set<string>()
  for (const top of [images, masks]) await visit(pathInside(root, top), 0)
  return [...folders]

  async function visit(folder: string, depth: number): Promise<void> {
    if (folders.has(folder) || folder === join(root, 'foldwise')) return
    folders.add(folder)
    if (depth >= depthLimit) return
    // A file of annotations is watched as it is; a folder that cannot be read is for listPairs to complain about.
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
    for (const entry of entries)
      if (entry.isDirectory() && !entry.name.startsWith('.')) await visit(join(folder, entry.name), depth + 1)
  }
}

function timesOf(folders: readonly string[]): string {
  return folders.map((folder) => String(statSync(folder, { throwIfNoEntry: false, bigint: true })?.mtimeNs)).join()
}

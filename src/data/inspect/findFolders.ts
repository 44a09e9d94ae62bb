import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { formatOfName } from '../imageFile.ts'
import { compareCodePoints } from '../listFiles.ts'
import { matchMasks } from '../matchMasks.ts'

const depthLimit = 4
const folderLimit = 2000

/** Two folders, relative to the workspace with '/', whose files pair. */
export interface FolderPair {
  readonly images: string
  readonly masks: string
  /** Number of images that find a mask. */
  readonly matches: number
  /** Whether the name of `masks` says that it holds masks. */
  readonly isNamedMasks: boolean
}

interface Folder {
  readonly path: string
  /** File names of images directly in it. */
  readonly files: readonly string[]
}

/** Folder names that data sets give to masks: masks, labels, trainannot, gtFine, SegmentationClass… */
const maskName =
  /^(.*(mask|label|annot|annotation|segmentation|segmentationclass)s?|.*groundtruth|.*ground_truth|gt.*|.*_gt|.*seg)$/i
const otherAnnotation = /^(segmentationobject|.*instances?)$/i
const imageName = /^(.*images?|imgs?|.*jpegimages|leftimg8bit|train|data|photos|pictures)$/i

/** Folders that pair, the likeliest first: named as masks, then most pairs, then named as images, then by name. */
export async function findFolderPairs(root: string): Promise<readonly FolderPair[]> {
  const folders = (await imageFolders(root)).filter(({ path }) => !otherAnnotation.test(basename(path)))
  const pairs: FolderPair[] = []
  for (const masks of folders) {
    for (const images of folders) {
      const isNamedMasks = maskName.test(basename(masks.path))
      if (maskName.test(basename(images.path)) && images !== masks) continue
      const { pairs: matched } = matchMasks(images.files, masks.files, images === masks)
      if (matched.length > 0)
        pairs.push({
          images: images.path,
          masks: masks.path,
          matches: matched.length,
          isNamedMasks: isNamedMasks || images === masks,
        })
    }
  }
  const order = (pair: FolderPair): readonly number[] => [
    Number(pair.isNamedMasks),
    pair.matches,
    Number(imageName.test(basename(pair.images))),
  ]
  return pairs.sort(
    (a, b) =>
      compareDescending(order(a), order(b)) ||
      compareCodePoints(a.images, b.images) ||
      compareCodePoints(a.masks, b.masks),
  )
}

function compareDescending(a: readonly number[], b: readonly number[]): number {
  const differing = a.findIndex((value, i) => value !== b[i])
  return differing < 0 ? 0 : b[differing] - a[differing]
}

/** Folders under `root` that hold images, hidden ones, linked ones and installed packages left out. */
async function imageFolders(root: string): Promise<readonly Folder[]> {
  const found: Folder[] = []
  const waiting: { path: string; depth: number }[] = [{ path: '', depth: 0 }]
  for (let next = waiting.shift(), seen = 0; next !== undefined && seen < folderLimit; next = waiting.shift(), seen++) {
    const { path, depth } = next
    const entries = await readdir(join(root, path), { withFileTypes: true }).catch(() => [])
    const files = entries.filter(
      (entry) => entry.isFile() && !entry.name.startsWith('.') && formatOfName(entry.name) !== undefined,
    )
    if (files.length > 0) found.push({ path, files: files.map(({ name }) => name).sort(compareCodePoints) })
    if (depth === depthLimit) continue
    for (const { name } of entries.filter((entry) => entry.isDirectory())) {
      const isSkipped = name.startsWith('.') || name === 'node_modules' || name === 'foldwise'
      if (!isSkipped) waiting.push({ path: path === '' ? name : `${path}/${name}`, depth: depth + 1 })
    }
  }
  return found
}

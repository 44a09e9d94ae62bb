import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import { UserError } from '../../core/errors.ts'
import { pathInside } from '../../runs/containment.ts'
import { pairFolders, type PairedFolders } from '../folders.ts'
import { stemOf } from '../matchMasks.ts'
import { findFolders } from './findFiles.ts'
import type { DatasetFormat, DatasetPlace, Recognised, RecogniseChoice } from './format.ts'
import { readText } from './readText.ts'

const masksFolder = 'SegmentationClass'
const imagesFolder = 'JPEGImages'

/** PASCAL VOC (development kit 2012): palette PNG, 255 at borders; the lists of the segmentation task say which images count. */
export const voc: DatasetFormat = { recognise, listPairs }

async function listPairs({ root, images, masks, allowUnpaired }: DatasetPlace): Promise<PairedFolders> {
  const lists = await readLists(root, masks)
  if (lists === undefined) return pairFolders({ root, images, masks, allowUnpaired })
  const isListed = (file: string): boolean => lists.has(stemOf(file))
  // Listed images must have their masks, whatever else may be missing.
  const paired = await pairFolders({ root, images, masks, accepts: isListed })
  const found = new Set(paired.pairs.map(({ name }) => stemOf(name)))
  const missing = [...lists].filter(([name]) => !found.has(name))
  if (missing.length > 0) throw missingImages(missing, images)
  return { ...paired, rule: `${paired.rule} Only images in the lists of ImageSets/Segmentation are used.` }
}

/** Where each name is listed first, as file and line; undefined where there are no lists. */
async function readLists(root: string, masks: string): Promise<ReadonlyMap<string, ListPlace> | undefined> {
  const folder = pathInside(root, posix.dirname(masks), 'ImageSets', 'Segmentation')
  const files = ['train.txt', 'val.txt', 'trainval.txt'].map((name) => pathInside(folder, name)).filter(existsSync)
  if (files.length === 0) return undefined
  const places = new Map<string, ListPlace>()
  for (const file of files) {
    for (const [index, line] of (await readText(file)).split(/\r?\n/).entries()) {
      const name = line.trim().normalize('NFC')
      if (name !== '' && !places.has(name)) places.set(name, { file, line: index + 1 })
    }
  }
  return places
}

interface ListPlace {
  readonly file: string
  readonly line: number
}

function missingImages(missing: readonly (readonly [string, ListPlace])[], images: string): UserError {
  const [[name, place]] = missing
  return new UserError(`${missing.length} listed images are not in ${images}, e.g. ${name}`, {
    ...place,
    hint: 'Add them, or remove their lines.',
    code: 'missing-image',
  })
}

async function recognise({ root, images, masks }: RecogniseChoice): Promise<Recognised | undefined> {
  const isFolder = (path: string): boolean =>
    statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() === true
  const found = (await findFolders(root, masksFolder)).find((path) =>
    isFolder(posix.join(posix.dirname(path), imagesFolder)),
  )
  if (found === undefined || (masks ?? found) !== found) return undefined
  const home = posix.dirname(found)
  const names = classNames(join(root, home, 'ImageSets', 'Main'))
  return {
    images: images ?? posix.join(home, imagesFolder),
    masks: found,
    ...(names.length === 0
      ? {}
      : { classes: { classes: ['background', ...names].map((name, id) => ({ id, name })), ignore_index: 255 } }),
    sentences: [
      `${imagesFolder} beside ${masksFolder} is the layout of PASCAL VOC.`,
      ...(names.length === 0 ? [] : ['Class names are those of the lists in ImageSets/Main, numbered in their order.']),
    ],
  }
}

/** The classification task has a list per class; ids follow their order (VOC development kit, VOCinit.m). */
function classNames(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .flatMap((file) => /^(.+)_trainval\.txt$/.exec(file)?.[1] ?? [])
    .sort()
}

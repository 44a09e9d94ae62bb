import { basename, join } from 'node:path'
import * as z from 'zod'
import { UserError } from '../../core/errors.ts'
import { formatOfName } from '../imageFile.ts'
import { classesOf, cocoFrame, freeValue } from './cocoFile.ts'
import { findFiles } from './findFiles.ts'
import type { Recognised, RecogniseChoice } from './format.ts'
import { readJson } from './readText.ts'

/** Candidates that are opened: the largest, because a folder of LabelMe has a JSON file for each image. */
const openedFiles = 12
const usualName = /instances|annotation|panoptic|coco|trainval|^(train|val)/i

const fileSchema = cocoFrame.extend({ annotations: z.array(z.record(z.string(), z.unknown())).min(1) })
type CocoFile = z.infer<typeof fileSchema>

interface Candidate {
  readonly path: string
  readonly file: CocoFile
}

/** Looks for a COCO JSON file; the one with most images is taken. @throws UserError where a likely one is broken */
export async function recogniseCoco(choice: RecogniseChoice, isPanoptic: boolean): Promise<Recognised | undefined> {
  const { root, masks } = choice
  const candidates = await readCandidates(root, masks, isPanoptic)
  const chosen = candidates.toSorted((a, b) => b.file.images.length - a.file.images.length).at(0)
  if (chosen === undefined) return undefined
  const { path, file } = chosen
  const names = file.images.map(({ file_name: name }) => name)
  const images = choice.images ?? (await folderOf(root, names))
  if (images === undefined) throw imagesNotFound(join(root, path), names)
  const free = freeValue(file.categories)
  const classes = classesOf(file.categories)
  const others = candidates.filter((other) => other !== chosen).map((other) => other.path)
  return {
    images,
    masks: path,
    unlabelled: free,
    classes: isPanoptic
      ? { classes, ignore_index: free }
      : { classes: [{ id: free, name: unusedName(classes) }, ...classes], ignore_index: null },
    sentences: [
      `${path} is a COCO ${isPanoptic ? 'panoptic ' : ''}file: it lists ${file.images.length} images, ${file.annotations.length} annotations and ${file.categories.length} categories.`,
      isPanoptic
        ? `Pixels of no segment have the value ${free} and are ignored.`
        : `Pixels that no annotation covers are class ${free} (background); to ignore them, set ignore_index to ${free} and remove the class.`,
      ...(others.length > 0 ? [`Other files of this kind are not used: ${others.join(', ')}.`] : []),
    ],
  }
}

async function readCandidates(
  root: string,
  named: string | undefined,
  isPanoptic: boolean,
): Promise<readonly Candidate[]> {
  const paths =
    named === undefined ? (await findFiles(root, /\.json$/i)).slice(0, openedFiles).map(({ path }) => path) : [named]
  const candidates: Candidate[] = []
  let fault: UserError | undefined
  for (const path of paths) {
    if (!/\.json$/i.test(path)) continue
    try {
      const parsed = fileSchema.safeParse(await readJson(join(root, path)))
      if (parsed.success && 'segments_info' in parsed.data.annotations[0] === isPanoptic)
        candidates.push({ path, file: parsed.data })
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      if (named !== undefined || usualName.test(basename(path))) fault ??= error
    }
  }
  if (candidates.length === 0 && fault !== undefined) throw fault
  return candidates
}

/** The folder below which most of the images lie; undefined where none of them is found. */
async function folderOf(root: string, names: readonly string[]): Promise<string | undefined> {
  const wanted = new Map(names.map((name) => [basename(name.replaceAll('\\', '/')), name.replaceAll('\\', '/')]))
  const counts = new Map<string, number>()
  for (const { path } of await findFiles(root, /./)) {
    const name = formatOfName(path) === undefined ? undefined : wanted.get(basename(path))
    if (name === undefined || !`/${path}`.endsWith(`/${name}`)) continue
    const folder = path === name ? '.' : path.slice(0, -name.length - 1)
    counts.set(folder, (counts.get(folder) ?? 0) + 1)
  }
  // Of two copies the one that is named as images: the other may be a picture of the masks.
  return [...counts].sort(([a, n], [b, m]) => m - n || Number(/image/i.test(b)) - Number(/image/i.test(a))).at(0)?.[0]
}

function unusedName(classes: readonly { readonly name: string }[]): string {
  const isTaken = classes.some(({ name }) => name.toLowerCase() === 'background')
  return isTaken ? 'unlabelled' : 'background'
}

function imagesNotFound(file: string, names: readonly string[]): UserError {
  return new UserError(`none of the ${names.length} images that this file lists was found, e.g. ${names[0]}`, {
    file,
    hint: 'Put the images into a folder beside it, or name their folder with --images.',
    code: 'no-images',
  })
}

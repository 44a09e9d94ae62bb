import { readdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { UserError } from '../../../core/errors.ts'
import { projectSchema } from '../../../core/project.ts'
import { pathInside } from '../../../runs/containment.ts'
import { attempt, noteText } from '../attempt.ts'
import type { DatasetPlace } from '../../../data/formats/format.ts'
import type { Pairings } from '../pairings.ts'
import type { Finding } from './finding.ts'
import { meantText, replacementsFor } from './nearestNames.ts'
import { splitFindings } from './splitFindings.ts'
import { valueAt } from './valueAt.ts'

const datasetSchema = projectSchema.shape.dataset

type FolderKey = 'images' | 'masks'
const folderKeys: readonly FolderKey[] = ['images', 'masks']

/** Folders that cannot be reached, images that do not pair, and a split that the data set does not allow. */
export async function datasetFindings(project: unknown, root: string, pairings: Pairings): Promise<readonly Finding[]> {
  const unreachable = folderKeys.flatMap((key) => folderFindings(key, valueAt(project, ['dataset', key]), root))
  const [images, masks] = folderKeys.map((key) => valueAt(project, ['dataset', key]))
  const isReachable = unreachable.length === 0 && isFolderName(images) && isFolderName(masks)
  if (!isReachable) return unreachable
  // What else a format needs it says itself; a fault of the class list must not hide one of the folders.
  const whole = datasetSchema.safeParse(valueAt(project, ['dataset']))
  const format = datasetSchema.shape.format.safeParse(valueAt(project, ['dataset', 'format'])).data ?? 'folders'
  const folders: DatasetPlace = whole.success ? { root, ...whole.data } : { root, format, images, masks }
  // As training pairs them; a split can be looked at even where images are without masks.
  const strict = await attempt(() => pairings.of(folders))
  const found =
    strict.error === undefined ? strict : await attempt(() => pairings.of({ ...folders, allowUnpaired: true }))
  const names = found.value?.pairs.map(({ name }) => name)
  return [
    ...(strict.error === undefined ? [] : [pairingFinding(strict.error)]),
    ...(names === undefined ? [] : splitFindings(project, names)),
  ]
}

function isFolderName(folder: unknown): folder is string {
  return typeof folder === 'string' && datasetSchema.shape.images.safeParse(folder).success
}

function folderFindings(key: FolderKey, folder: unknown, root: string): readonly Finding[] {
  // Whether it is the name of a folder at all is for the schema to say.
  if (!isFolderName(folder)) return []
  const unreachable = (message: string, replacements: readonly string[] = []): readonly Finding[] => [
    { path: ['dataset', key], mark: 'value', message, code: 'unreachable', replacements },
  ]
  try {
    const path = pathInside(root, folder)
    const found = statSync(path, { throwIfNoEntry: false })
    if (found?.isDirectory() === true || (found?.isFile() === true && key === 'masks' && isAnnotationName(folder)))
      return []
    if (found !== undefined) return unreachable(`"${folder}" is a file, not a folder.`)
    const siblings = foldersIn(dirname(path), folder)
    const message = `There is no folder "${folder}" in the workspace.${meantText(folder, siblings)}`
    return unreachable(message, replacementsFor(folder, siblings))
  } catch (error) {
    if (error instanceof UserError) return unreachable(`"${folder}" leads out of the workspace through a link.`)
    return unreachable(`"${folder}" cannot be reached (${error instanceof Error ? error.message : String(error)}).`)
  }
}

/** The other formats than folders may have a file of annotations in place of masks. */
function isAnnotationName(name: string): boolean {
  return /\.(json|csv)$/i.test(name)
}

/** Folders beside the one that was looked for, named as it was. */
function foldersIn(parent: string, folder: string): readonly string[] {
  const above = folder.replace(/[^\\/]*[\\/]*$/, '')
  if (statSync(parent, { throwIfNoEntry: false })?.isDirectory() !== true) return []
  return readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'foldwise')
    .map(({ name }) => above + name)
}

const concernsMasks: readonly string[] = ['missing-mask', 'ambiguous-pair']

function pairingFinding(error: UserError): Finding {
  const { code = 'dataset' } = error.details
  return {
    path: ['dataset', concernsMasks.includes(code) ? 'masks' : 'images'],
    mark: 'value',
    message: noteText(error),
    code,
    replacements: [],
  }
}

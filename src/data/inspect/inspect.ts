import type { Size } from '../../augment/sample.ts'
import { UserError } from '../../core/errors.ts'
import type { Project } from '../../core/projectSchema.ts'
import { collectFaults } from '../allFaults.ts'
import { pairFolders, type PairedFolders } from '../folders.ts'
import { readSize } from '../readSize.ts'
import { readClassList } from './classList.ts'
import { findFolderPairs } from './findFolders.ts'
import { groupHint } from './groupHint.ts'
import { proposeClasses } from './proposeClasses.ts'
import { surveyMasks, type MaskSurvey } from './surveyMasks.ts'

/** What a folder seems to hold, ready to be written as a project file. */
export interface Inspection {
  readonly proposal: Pick<Project, 'dataset' | 'split'>
  /** How each part of the proposal is known, one sentence each. */
  readonly sentences: readonly string[]
  readonly images: number
  /** Share of the pixels of each mask value (for colour masks: colour) in the masks that were read, 0 … 1. */
  readonly shares: ReadonlyMap<number, number>
  /** Sizes of up to 50 images, the most frequent first. */
  readonly sizes: readonly (Size & { readonly images: number })[]
}

export interface InspectChoice {
  /** Absolute path. */
  readonly root: string
  /** Folders relative to `root` that the user named; looked for where left out. */
  readonly images?: string | undefined
  readonly masks?: string | undefined
}

/**
 * Looks at a folder and proposes a project: folders, classes, ignored value, encoding and split.
 * @throws UserError when no images with masks are found, or masks cannot be read
 */
export async function inspectFolder({ root, images, masks }: InspectChoice): Promise<Inspection> {
  const folders =
    images !== undefined && masks !== undefined
      ? { images, masks, sentences: [] }
      : await chooseFolders(root, images, masks)
  const paired = await pairFolders({ root, images: folders.images, masks: folders.masks, allowUnpaired: true })
  const survey = await surveyMasks(paired.pairs.map(({ mask }) => mask))
  const { sentences: classSentences, ...classes } = proposeClasses(survey, await readClassList(root))
  const { split, sentence } = proposeSplit(paired)
  const sizes = await imageSizes(paired)
  return {
    proposal: { dataset: { format: 'folders', images: folders.images, masks: folders.masks, ...classes }, split },
    sentences: [
      ...folders.sentences,
      `${paired.pairs.length} images in ${folders.images} have masks in ${folders.masks}. ${paired.rule}`,
      ...paired.warnings,
      ...classSentences,
      sentence,
      ...(sizes.length > 1
        ? [`Images have ${sizes.length} sizes, most often ${sizes[0].width}x${sizes[0].height} (width x height).`]
        : []),
    ],
    images: paired.pairs.length,
    shares: sharesOf(survey),
    sizes,
  }
}

interface ChosenFolders {
  readonly images: string
  readonly masks: string
  readonly sentences: readonly string[]
}

async function chooseFolders(
  root: string,
  images: string | undefined,
  masks: string | undefined,
): Promise<ChosenFolders> {
  const all = await findFolderPairs(root)
  const fitting = all.filter((pair) => (images ?? pair.images) === pair.images && (masks ?? pair.masks) === pair.masks)
  if (fitting.length === 0) {
    throw new UserError('no folder of images with a folder of masks of the same names was found', {
      file: root,
      allowed: 'e.g. images/1.png with masks/1.png, or images/1.jpg with masks/1_mask.png',
      hint: 'Name the folders with --images and --masks.',
      code: 'no-dataset',
    })
  }
  // Without a telling name either folder could be the masks: the one that reads as masks is.
  const chosen = fitting[0].isNamedMasks ? fitting[0] : await masksByContent(root, fitting)
  const why = chosen.isNamedMasks ? 'its name says so' : 'its files hold few values'
  const others = fitting.filter(
    ({ images: other, masks: othersMasks, isNamedMasks }) =>
      isNamedMasks && other !== chosen.images && othersMasks !== chosen.masks,
  )
  const alsoText = others.slice(0, 3).map((pair) => `${pair.images} + ${pair.masks} (${pair.matches})`)
  return {
    images: nameOf(chosen.images),
    masks: nameOf(chosen.masks),
    sentences: [
      `${nameOf(chosen.masks)} is taken as the folder of masks: ${why}.`,
      ...(others.length > 0 ? [`Other folders pair too and are not used: ${alsoText.join(', ')}.`] : []),
    ],
  }
}

/** The workspace itself is written '.' in project files. */
function nameOf(folder: string): string {
  return folder === '' ? '.' : folder
}

async function masksByContent<T extends { readonly images: string; readonly masks: string }>(
  root: string,
  pairs: readonly T[],
): Promise<T> {
  for (const pair of pairs) {
    const { pairs: files } = await pairFolders({
      root,
      images: nameOf(pair.images),
      masks: nameOf(pair.masks),
      allowUnpaired: true,
    })
    const survey = await surveyMasks(files.slice(0, 3).map(({ mask }) => mask)).catch((error: unknown) => {
      if (error instanceof UserError) return undefined
      throw error
    })
    if (survey !== undefined && survey.pixels.size <= 64) return pair
  }
  throw new UserError('folders pair by name, but none of them holds masks', {
    file: root,
    hint: 'Name the folders with --images and --masks.',
    code: 'no-dataset',
  })
}

function proposeSplit({ pairs }: PairedFolders): { readonly split: Project['split']; readonly sentence: string } {
  const hint = groupHint(pairs.map(({ name }) => name))
  if (hint !== undefined) {
    const folds = Math.min(5, hint.groups)
    return {
      split: { method: 'GroupKFold', n_splits: folds, group: { pattern: hint.pattern } },
      sentence: `File names show ${hint.groups} groups (${hint.pattern}): images of one group stay in one fold, because neighbours look alike.`,
    }
  }
  const folds = Math.min(5, pairs.length)
  if (folds < 2) return { split: { method: 'HoldOut' }, sentence: 'There is one image only: it cannot be split.' }
  return {
    split: { method: 'KFold', n_splits: folds, shuffle: true, seed: 0 },
    sentence: `File names show no groups: ${folds} folds at random. If images belong together (patients, slides, frames), group them.`,
  }
}

async function imageSizes({ pairs }: PairedFolders): Promise<Inspection['sizes']> {
  const step = Math.max(1, Math.floor(pairs.length / 50))
  const chosen = pairs.filter((_, i) => i % step === 0).slice(0, 50)
  const headers = await collectFaults(chosen, 8, async ({ image }) => readSize(image))
  const counts = new Map<string, Size & { images: number }>()
  for (const { height, width } of headers) {
    const key = `${height}x${width}`
    counts.set(key, { height, width, images: (counts.get(key)?.images ?? 0) + 1 })
  }
  return [...counts.values()].sort((a, b) => b.images - a.images)
}

function sharesOf({ pixels, totalPixels }: MaskSurvey): ReadonlyMap<number, number> {
  return new Map(Array.from(pixels, ([value, count]) => [value, count / totalPixels]))
}

import type { Size } from '../../augment/sample.ts'
import type { DatasetFormatName } from '../../core/datasetFormats.ts'
import { UserError } from '../../core/errors.ts'
import type { Project } from '../../core/projectSchema.ts'
import { collectFaults } from '../allFaults.ts'
import type { PairedFolders } from '../folders.ts'
import type { Recognised, RecogniseChoice } from '../formats/format.ts'
import { formats, listPairs } from '../formats/registry.ts'
import { readSize } from '../readSize.ts'
import { readClassList } from './classList.ts'
import { groupHint, knownGroups } from './groupHint.ts'
import { proposeClasses, sharesText } from './proposeClasses.ts'
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

export interface InspectChoice extends RecogniseChoice {
  /** Named by the user; all are tried where it is left out. */
  readonly format?: DatasetFormatName | undefined
}

/**
 * Looks at a folder and proposes a project: folders, classes, ignored value, encoding and split.
 * @throws UserError when no images with masks are found, or masks cannot be read
 */
export async function inspectFolder(choice: InspectChoice): Promise<Inspection> {
  const { format, found } = await recognise(choice)
  const { images, masks, unlabelled } = found
  const place = { format, images, masks, ...(unlabelled === undefined ? {} : { unlabelled }) }
  const paired = await listPairs({ root: choice.root, ...place, classes: found.classes?.classes, allowUnpaired: true })
  const survey = await surveyMasks(paired.pairs.map(({ mask }) => mask))
  const { sentences: classSentences, ...classes } =
    found.classes === undefined
      ? proposeClasses(survey, await readClassList(choice.root))
      : { ...found.classes, mask_encoding: 'index' as const, sentences: [sharesText(survey, found.classes.classes)] }
  const { split, sentence } = proposeSplit(paired, found.group)
  const sizes = await imageSizes(paired)
  return {
    proposal: { dataset: { ...place, ...classes }, split },
    sentences: [
      ...found.sentences,
      `${paired.pairs.length} images in ${images} have masks in ${masks}. ${paired.rule}`,
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

interface RecognisedFormat {
  readonly format: DatasetFormatName
  readonly found: Recognised
}

async function recognise({ format: named, ...choice }: InspectChoice): Promise<RecognisedFormat> {
  const names = named === undefined ? (Object.keys(formats) as DatasetFormatName[]) : [named]
  for (const format of names) {
    const found = await formats[format].recognise(choice)
    if (found !== undefined) return { format, found }
  }
  throw new UserError(`no data set of the format ${names.join(', ')} was found`, {
    file: choice.root,
    hint: 'Name its parts with --images and --masks.',
    code: 'no-dataset',
  })
}

function proposeSplit(
  { pairs }: PairedFolders,
  pattern: string | undefined,
): { readonly split: Project['split']; readonly sentence: string } {
  const names = pairs.map(({ name }) => name)
  const hint = pattern === undefined ? groupHint(names) : knownGroups(names, pattern)
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

import { UserError } from '../core/errors.ts'
import type { ImageColumn } from '../core/splits/projectSplit.ts'
import type { Project } from '../core/projectSchema.ts'
import { groupsOf } from '../core/splits/groups.ts'
import { splits } from '../core/splits/registry.ts'
import { splitImages, type ImageFacts, type SplitOfImages } from '../core/splits/splitImages.ts'
import { countClassPixels } from './classPixels.ts'
import { readCsvColumn } from './csvColumn.ts'
import type { ImagePair } from './folders.ts'
import { maskRules } from './maskRules.ts'

/**
 * The project's folds, with whatever the split method must know read from masks and tables.
 * @throws UserError for masks or tables that cannot be read, or images that cannot be split so
 */
export async function splitPairs(root: string, project: Project, pairs: readonly ImagePair[]): Promise<SplitOfImages> {
  const names = pairs.map(({ name }) => name)
  return splitImages(names, project.split, await readImageFacts(root, project, pairs))
}

/** The group of each image by its name, where the project names groups. @throws UserError as splitPairs */
export function groupOfImages(
  root: string,
  { split: { group } }: Project,
  pairs: readonly ImagePair[],
): ReadonlyMap<string, string> | undefined {
  const names = pairs.map(({ name }) => name)
  if (isColumn(group)) return readCsvColumn(root, group, names)
  if (group?.pattern === undefined) return undefined
  const groups = groupsOf(names, group.pattern)
  return new Map(names.map((name, index) => [name, groups[index]]))
}

async function readImageFacts(root: string, project: Project, pairs: readonly ImagePair[]): Promise<ImageFacts> {
  const { split } = project
  const { needs } = splits.get(split.method)
  const names = pairs.map(({ name }) => name)
  const column = (from: ImageColumn): ReadonlyMap<string, string> => readCsvColumn(root, from, names)
  const { group, labels, folds } = split
  const isFromTable = typeof labels === 'object'
  const perImage =
    needs.includes('classes') || (needs.includes('labels') && !isFromTable)
      ? await classPixelsOf(project, pairs)
      : undefined
  return {
    ...(needs.includes('groups') && isColumn(group) ? { groups: column(group) } : {}),
    ...(needs.includes('labels') ? { labels: isFromTable ? column(labels) : mapped(perImage!, dominantClass) } : {}),
    ...(needs.includes('classes') ? { classes: mapped(perImage!, (pixels) => pixels.map((count) => count > 0)) } : {}),
    ...(folds === undefined ? {} : { folds: foldNumbers(column(folds), folds) }),
  }
}

function isColumn(group: Project['split']['group']): group is ImageColumn {
  return group?.file !== undefined
}

async function classPixelsOf(
  project: Project,
  pairs: readonly ImagePair[],
): Promise<ReadonlyMap<string, readonly number[]>> {
  const masks = pairs.map(({ mask }) => mask)
  const { perMask } = await countClassPixels(masks, maskRules(project))
  return new Map(pairs.map(({ name }, index) => [name, perMask[index].pixels]))
}

/** Index of the class with most pixels, the background (index 0) left out; ties to the lower index, 0 without any other. */
export function dominantClass(pixels: readonly number[]): number {
  const [, ...others] = pixels
  const most = Math.max(0, ...others)
  return most === 0 ? 0 : others.indexOf(most) + 1
}

function mapped<From, To>(known: ReadonlyMap<string, From>, of: (value: From) => To): ReadonlyMap<string, To> {
  return new Map([...known].map(([name, value]) => [name, of(value)]))
}

function foldNumbers(values: ReadonlyMap<string, string>, { file, column }: ImageColumn): ReadonlyMap<string, number> {
  return new Map(
    [...values].map(([name, text]) => {
      const fold = text === '' ? -1 : Number(text)
      if (Number.isInteger(fold) && fold >= -1) return [name, fold]
      throw new UserError(`The fold of ${name} is no whole number.`, {
        file,
        value: text,
        allowed: `numbers from 0 in column "${column}"; −1 or nothing where the image always trains`,
        code: 'csv-fold',
      })
    }),
  )
}

import { join } from 'node:path'
import { UserError } from '../../core/errors.ts'
import { pathInside } from '../../runs/containment.ts'
import { formatOfName } from '../imageFile.ts'
import { listImageFiles } from '../listFiles.ts'
import type { DrawnMask, Shape } from '../masks/maskSource.ts'
import { stemOf } from '../matchMasks.ts'
import { commonFolder, findFiles } from './findFiles.ts'
import { readRunTable, type RunTable } from './csvTable.ts'
import type { DatasetFormat, DatasetPlace, Recognised, RecogniseChoice } from './format.ts'
import { pairNamedImages, type ReadAnnotations } from './namedPairs.ts'
import { backgroundAndObject, objectValue } from './objectClass.ts'

/** Kaggle's tables of run lengths: start and length in turn, from 1, down the columns. */
export const rleCsv: DatasetFormat = {
  recognise,
  listPairs: async (place) => pairNamedImages(place, await readTable(place)),
}

async function readTable(place: DatasetPlace): Promise<ReadAnnotations> {
  const { root, unlabelled = 0 } = place
  const file = pathInside(root, place.masks)
  const table = await readRunTable(file)
  if (table === undefined) {
    throw new UserError('this table has no columns of images and run lengths', {
      file,
      allowed: 'ImageId, EncodedPixels and, where there are several classes, ClassId',
      code: 'csv-column',
    })
  }
  const folder = pathInside(root, place.images)
  const { files, warnings } = await listImageFiles(root, folder, [join(root, 'foldwise')])
  const faults: string[] = []
  const valueOf = classValues(place, table)
  const pathOf = filesByName(files)
  const shapes = new Map<string, Shape[]>()
  for (const { line, image, runs, className } of table.rows) {
    const found = pathOf.get(image.normalize('NFC')) ?? []
    if (found.length > 1) faults.push(`line ${line}: several images have the name ${image}: ${found.join(', ')}`)
    const ofImage = shapes.get(found[0] ?? image) ?? []
    shapes.set(found[0] ?? image, ofImage)
    if (runs === '') continue
    const value = valueOf(className)
    if (value === undefined) faults.push(`line ${line}: "${className}" is no class of the project`)
    else ofImage.push({ id: `in line ${line}`, value, area: { kind: 'spans', text: runs } })
  }
  const masks = Array.from(shapes, ([subject, drawn]): [string, DrawnMask] => [
    subject,
    { kind: 'drawn', file, subject, size: join(folder, subject), unlabelled, shapes: drawn },
  ])
  return { file, masks, faults, warnings }
}

/** Tables name images with or without their ending, never with a folder. */
function filesByName(files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const byName = new Map<string, string[]>()
  for (const file of files) {
    const base = file.slice(file.lastIndexOf('/') + 1).normalize('NFC')
    for (const name of new Set([base, stemOf(base)])) byName.set(name, [...(byName.get(name) ?? []), file])
  }
  return byName
}

/** A class is written by its name or its id. */
function classValues(place: DatasetPlace, { hasClasses }: RunTable): (written: string) => number | undefined {
  if (!hasClasses) {
    const value = objectValue(place)
    return () => value
  }
  const byText = new Map((place.classes ?? []).flatMap(({ id, name }) => [[String(id), id], [name, id]] as const)) // prettier-ignore
  return (written) => byText.get(written)
}

async function recognise({ root, images, masks }: RecogniseChoice): Promise<Recognised | undefined> {
  const paths = masks === undefined ? (await findFiles(root, /\.csv$/i)).slice(0, 5).map(({ path }) => path) : [masks]
  for (const path of paths) {
    const table = /\.csv$/i.test(path) ? await readTableIfAny(join(root, path), masks !== undefined) : undefined
    if (table === undefined) continue
    const names = new Set(table.rows.map(({ image }) => image))
    const found = (await findFiles(root, /./)).filter(({ path: file }) => {
      const base = file.slice(file.lastIndexOf('/') + 1)
      return formatOfName(base) !== undefined && (names.has(base) || names.has(stemOf(base)))
    })
    if (found.length === 0) continue
    return {
      images: images ?? commonFolder(found.map((file) => file.path)),
      masks: path,
      unlabelled: 0,
      classes: table.hasClasses ? classesIn(table) : await backgroundAndObject(root),
      sentences: [
        `${path} is a table of run lengths as on Kaggle: ${table.rows.length} lines for ${names.size} images${table.hasClasses ? ', with classes' : ', without classes'}.`,
        'Pixels outside all runs are class 0 (background).',
      ],
    }
  }
  return undefined
}

/** A stray table that cannot be read is no data set; one that was named must be. */
async function readTableIfAny(path: string, isNamed: boolean): Promise<RunTable | undefined> {
  try {
    return await readRunTable(path)
  } catch (error) {
    if (error instanceof UserError && !isNamed) return undefined
    throw error
  }
}

/** Numbers are ids; names are numbered in order. */
function classesIn({ rows }: RunTable): NonNullable<Recognised['classes']> {
  const written = [...new Set(rows.map(({ className }) => className))].filter((name) => name !== '')
  const areIds = written.every((name) => /^[1-9]\d{0,4}$/.test(name))
  const named = areIds
    ? written.map((id) => ({ id: Number(id), name: `class ${id}` })).sort((a, b) => a.id - b.id)
    : written.toSorted().map((name, index) => ({ id: index + 1, name }))
  return { classes: [{ id: 0, name: 'background' }, ...named], ignore_index: null }
}

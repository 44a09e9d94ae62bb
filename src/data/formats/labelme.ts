import { dirname, join, relative, resolve, sep } from 'node:path'
import * as z from 'zod'
import { UserError } from '../../core/errors.ts'
import { pathInside } from '../../runs/containment.ts'
import { mapConcurrently } from '../mapConcurrently.ts'
import type { DrawnMask, Shape } from '../masks/maskSource.ts'
import { commonFolder, findFiles } from './findFiles.ts'
import type { DatasetFormat, DatasetPlace, Recognised, RecogniseChoice } from './format.ts'
import { pairNamedImages, type ReadAnnotations } from './namedPairs.ts'
import { parseFile, readJson } from './readText.ts'

const point = z.tuple([z.number(), z.number()])
const shapeSchema = z.object({
  label: z.string().min(1),
  points: z.array(point).max(500_000),
  shape_type: z.string().default('polygon'),
})
const side = z.int().min(1).max(1_000_000)
const fileSchema = z.object({
  shapes: z.array(shapeSchema),
  imagePath: z.string().min(1),
  imageHeight: side,
  imageWidth: side,
})
type LabelmeFile = z.infer<typeof fileSchema>
type LabelmeShape = z.infer<typeof shapeSchema>

/** LabelMe 5: a JSON file per image with polygons, rectangles and circles, borders included. */
export const labelme: DatasetFormat = {
  recognise,
  listPairs: async (place) => pairNamedImages(place, await readFiles(place)),
}

async function readFiles({
  root,
  images,
  masks: below,
  classes = [],
  unlabelled = 0,
}: DatasetPlace): Promise<ReadAnnotations> {
  const folder = pathInside(root, below)
  const valueOf = new Map(classes.map(({ name, id }) => [name, id]))
  const faults: string[] = []
  const warnings: string[] = []
  const masks: [string, DrawnMask][] = []
  for (const { path } of await findFiles(folder, /\.json$/i)) {
    const file = join(folder, path)
    const read = parseFile(fileSchema, await readJson(file), file, 'LabelMe')
    const name = imageName(root, images, file, read.imagePath)
    if (name === undefined) {
      faults.push(`${file}: imagePath "${read.imagePath}" leads out of ${images}`)
      continue
    }
    const shapes: Shape[] = []
    for (const [index, shape] of read.shapes.entries()) {
      const ring = ringOf(shape)
      const value = valueOf.get(shape.label)
      if (ring === 'skipped')
        warnings.push(`${file}: the ${shape.shape_type} "${shape.label}" covers no area and is left out.`) // prettier-ignore
      else if (ring === undefined)
        faults.push(`${file}: shape ${index}: a ${shape.shape_type} of ${shape.points.length} points is not read`) // prettier-ignore
      else if (value === undefined) faults.push(`${file}: shape ${index}: "${shape.label}" is no class of the project`)
      else shapes.push({ id: `of shape ${index}`, value, area: { kind: 'outlined', ring } })
    }
    const size = { height: read.imageHeight, width: read.imageWidth }
    masks.push([name, { kind: 'drawn', file, subject: name, size, unlabelled, shapes }])
  }
  return { file: folder, masks, faults, warnings }
}

/** Below the folder of images, with '/'; LabelMe writes it relative to the JSON file, on Windows with '\'. */
function imageName(root: string, images: string, file: string, imagePath: string): string | undefined {
  try {
    const folder = pathInside(root, images)
    const path = pathInside(folder, resolve(dirname(file), imagePath.replaceAll('\\', '/')))
    return relative(folder, path).split(sep).join('/')
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

/** The border x0 y0 x1 y1 … of a shape; undefined where it is of a kind that is not read. */
function ringOf({ shape_type: kind, points }: LabelmeShape): readonly number[] | 'skipped' | undefined {
  if (kind === 'point' || kind === 'line' || kind === 'linestrip' || kind === 'points') return 'skipped'
  if (kind === 'polygon') return points.length < 3 ? undefined : points.flat()
  if (points.length !== 2) return undefined
  const [[x0, y0], [x1, y1]] = points
  if (kind === 'rectangle') return [x0, y0, x1, y0, x1, y1, x0, y1]
  return kind === 'circle' ? circleRing(x0, y0, Math.hypot(x1 - x0, y1 - y0)) : undefined
}

/** A corner for each pixel of the circumference. */
function circleRing(x: number, y: number, radius: number): readonly number[] {
  const corners = Math.min(Math.max(16, Math.ceil(2 * Math.PI * radius)), 100_000)
  return Array.from({ length: corners }, (_, i) => (2 * Math.PI * i) / corners).flatMap((angle) => [
    x + radius * Math.cos(angle),
    y + radius * Math.sin(angle),
  ])
}

/** Files of JSON that are looked at to see whether they are of this kind. */
const openedFiles = 5

async function recognise({ root, images, masks }: RecogniseChoice): Promise<Recognised | undefined> {
  const below = masks === undefined || masks === '.' ? '' : `${masks}/`
  const paths = (await findFiles(root, /\.json$/i)).map(({ path }) => path).filter((path) => path.startsWith(below))
  const opened = await Promise.all(paths.slice(0, openedFiles).map((path) => readIfLabelme(join(root, path))))
  if (!opened.some((file) => file !== undefined)) return undefined
  const all = await mapConcurrently(paths, 16, async (path) => ({ path, file: await readIfLabelme(join(root, path)) }))
  const found = all.flatMap(({ path, file }) => (file === undefined ? [] : [{ path, file }]))
  const folder = masks ?? commonFolder(found.map(({ path }) => path))
  const drawn = found.flatMap(({ file }) => file.shapes.filter((shape) => ringOf(shape) !== 'skipped'))
  const labels = [...new Set(drawn.map(({ label }) => label))].filter((label) => label !== 'background').sort()
  const pictures = found.map(({ path, file }) => {
    const image = resolve(root, dirname(path), file.imagePath.replaceAll('\\', '/'))
    return relative(root, image).split(sep).join('/')
  })
  return {
    images: images ?? commonFolder(pictures.filter((path) => !path.startsWith('..'))),
    masks: folder,
    unlabelled: 0,
    classes: { classes: ['background', ...labels].map((name, id) => ({ id, name })), ignore_index: null },
    sentences: [
      `${found.length} JSON files in ${folder} are annotations of LabelMe: ${drawn.length} shapes with ${labels.length} labels, numbered by name.`,
      'Pixels outside all shapes are class 0 (background).',
    ],
  }
}

/** Other JSON files are no fault of the data set. */
async function readIfLabelme(path: string): Promise<LabelmeFile | undefined> {
  try {
    const parsed = fileSchema.safeParse(await readJson(path))
    return parsed.success ? parsed.data : undefined
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

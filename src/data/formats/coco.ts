import * as z from 'zod'
import { pathInside } from '../../runs/containment.ts'
import type { DrawnMask, Shape, ShapeArea } from '../masks/maskSource.ts'
import { decodeCounts, runsOfCounts } from '../masks/runLengths.ts'
import { cocoFrame, cocoKey, imagesById, type CocoImage } from './cocoFile.ts'
import type { DatasetFormat, DatasetPlace } from './format.ts'
import { pairNamedImages, type ReadAnnotations } from './namedPairs.ts'
import { parseFile, readJson } from './readText.ts'
import { recogniseCoco } from './recogniseCoco.ts'

const mostCoordinates = 1_000_000
const ring = z
  .array(z.number())
  .min(6, 'a polygon needs 3 points')
  .max(mostCoordinates, 'a polygon has more than 500,000 points')
  .refine(({ length }) => length % 2 === 0, 'a polygon has an x without a y')
const runLengths = z.object({
  size: z.tuple([z.int(), z.int()]),
  counts: z.union([z.string(), z.array(z.number())]),
})
const annotationSchema = z.object({
  id: cocoKey,
  image_id: cocoKey,
  category_id: z.int(),
  segmentation: z.unknown().optional(),
})
const fileSchema = cocoFrame.extend({ annotations: z.array(z.unknown()) })

type Annotation = z.infer<typeof annotationSchema>

/** COCO's JSON of object annotations, crowds included (https://cocodataset.org/#format-data), drawn as pycocotools does. */
export const coco: DatasetFormat = {
  recognise: (choice) => recogniseCoco(choice, false),
  listPairs: async (place) => pairNamedImages(place, await readCoco(place)),
}

async function readCoco({ root, masks, unlabelled = 0 }: DatasetPlace): Promise<ReadAnnotations> {
  const file = pathInside(root, masks)
  const { images, categories, annotations } = parseFile(fileSchema, await readJson(file), file, 'COCO')
  const faults: string[] = []
  const warnings: string[] = []
  const byId = imagesById(images, faults)
  const known = new Set(categories.map(({ id }) => id))
  const seen = new Set<unknown>()
  const shapes = new Map<CocoImage, Shape[]>()
  for (const [index, raw] of annotations.entries()) {
    const parsed = annotationSchema.safeParse(raw)
    if (!parsed.success) {
      faults.push(`annotation at place ${index}: ${issueText(parsed.error)}`)
      continue
    }
    const { data } = parsed
    const image = byId.get(data.image_id)
    const outcome = areaOf(data, image)
    const all = [
      ...(seen.has(data.id) ? ['its id occurs twice'] : []),
      ...(image === undefined ? [`image ${data.image_id} is not in the file`] : []),
      ...(known.has(data.category_id) ? [] : [`category ${data.category_id} is not in the file`]),
      ...(typeof outcome === 'string' ? [outcome] : []),
    ]
    seen.add(data.id)
    faults.push(...all.map((fault) => `annotation ${data.id}: ${fault}`))
    if (all.length > 0 || image === undefined || typeof outcome === 'string') continue
    if (leavesImage(outcome, image)) warnings.push(`${file}: annotation ${data.id} reaches out of ${image.file_name} and is cut at its border.`) // prettier-ignore
    const ofImage = shapes.get(image) ?? []
    if (ofImage.push({ id: String(data.id), value: data.category_id, area: outcome }) === 1) shapes.set(image, ofImage)
  }
  const drawn = (image: CocoImage): DrawnMask => ({
    kind: 'drawn',
    file,
    subject: image.file_name,
    size: { height: image.height, width: image.width },
    unlabelled,
    shapes: shapes.get(image) ?? [],
  })
  return { file, masks: [...byId.values()].map((image) => [image.file_name, drawn(image)]), faults, warnings }
}

/** What an annotation covers, or what is wrong with it. */
function areaOf({ segmentation }: Annotation, image: CocoImage | undefined): ShapeArea | string {
  if (segmentation === undefined || segmentation === null || (Array.isArray(segmentation) && segmentation.length === 0))
    return 'it has no segmentation (a box alone is no mask)'
  if (Array.isArray(segmentation)) {
    const rings = z.array(ring).safeParse(segmentation)
    return rings.success ? { kind: 'polygons', rings: rings.data } : issueText(rings.error)
  }
  const parsed = runLengths.safeParse(segmentation)
  if (!parsed.success) return issueText(parsed.error)
  const { size, counts } = parsed.data
  const [height, width] = size
  if (image !== undefined && (height !== image.height || width !== image.width))
    return `its run lengths are for ${width}x${height} pixels (width x height), the image has ${image.width}x${image.height}`
  try {
    runsOfCounts(typeof counts === 'string' ? decodeCounts(counts) : counts, height * width)
    return { kind: 'counts', counts }
  } catch (error) {
    if (error instanceof RangeError) return error.message
    throw error
  }
}

function leavesImage(area: ShapeArea, { height, width }: CocoImage): boolean {
  if (area.kind !== 'polygons') return false
  return area.rings.some((points) => points.some((value, i) => value < 0 || value > (i % 2 === 0 ? width : height)))
}

function issueText(error: z.ZodError): string {
  const [{ path, message }] = error.issues
  const place = z.core.toDotPath(path)
  return place === '' || typeof path[0] === 'number' ? message : `${place}: ${message}`
}

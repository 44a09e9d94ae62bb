import * as z from 'zod'
import { join } from 'node:path'
import { pathInside } from '../../runs/containment.ts'
import type { MaskSource } from '../masks/maskSource.ts'
import { cocoFrame, cocoKey, imagesById } from './cocoFile.ts'
import type { DatasetFormat, DatasetPlace } from './format.ts'
import { pairNamedImages, type ReadAnnotations } from './namedPairs.ts'
import { parseFile, readJson } from './readText.ts'
import { recogniseCoco } from './recogniseCoco.ts'

const segment = z.object({ id: z.int().min(1).max(0xffffff), category_id: z.int() })
const annotation = z.object({
  image_id: cocoKey,
  file_name: z.string().min(1),
  segments_info: z.array(segment),
})
const fileSchema = cocoFrame.extend({ annotations: z.array(annotation) })

/** COCO's panoptic JSON with its PNG files of segment ids (https://cocodataset.org/#format-data, panopticapi). */
export const cocoPanoptic: DatasetFormat = {
  recognise: (choice) => recogniseCoco(choice, true),
  listPairs: async (place) => pairNamedImages(place, await readPanoptic(place)),
}

async function readPanoptic({ root, masks, unlabelled = 0 }: DatasetPlace): Promise<ReadAnnotations> {
  const file = pathInside(root, masks)
  const { images, categories, annotations } = parseFile(fileSchema, await readJson(file), file, 'COCO panoptic')
  const faults: string[] = []
  const byId = imagesById(images, faults)
  const known = new Set(categories.map(({ id }) => id))
  const found = new Map<string, MaskSource>()
  const folder = pathInside(root, masks.replace(/\.json$/i, ''))
  for (const { image_id: imageId, file_name: name, segments_info: segments } of annotations) {
    const image = byId.get(imageId)
    const fault = (text: string): unknown => faults.push(`annotation of image ${imageId} (${name}): ${text}`)
    if (image === undefined) fault('the image is not in the file')
    else if (found.has(image.file_name)) fault('the image has two annotations')
    for (const { id, category_id: category } of segments)
      if (!known.has(category)) fault(`segment ${id}: category ${category} is not in the file`)
    if (image === undefined) continue
    const values = new Map(segments.map(({ id, category_id: category }) => [id, category]))
    found.set(image.file_name, { kind: 'segments', file: pathInside(root, join(folder, name)), values, unlabelled })
  }
  const without = images.length - found.size
  const warnings = without > 0 ? [`${file}: ${without} images without an annotation are not used.`] : []
  return { file, masks: [...found], faults, warnings }
}

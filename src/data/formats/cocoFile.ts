import * as z from 'zod'
import type { Project } from '../../core/projectSchema.ts'

const side = z.int().min(1).max(1_000_000)
/** File names serve as ids in some data sets. */
const key = z.union([z.int(), z.string()])

const cocoImage = z.object({ id: key, file_name: z.string().min(1), height: side, width: side })
const cocoCategory = z.object({
  id: z.int().min(0).max(65535),
  name: z.string().min(1),
  color: z.array(z.int().min(0).max(255)).length(3).optional(),
})
/** What object and panoptic annotations have in common; an image's or annotation's id may be a number or a text. */
export const cocoFrame = z.object({ images: z.array(cocoImage), categories: z.array(cocoCategory).min(1) })
export const cocoKey = key

export type CocoImage = z.infer<typeof cocoImage>
type CocoCategory = z.infer<typeof cocoCategory>

/** Categories as classes, and the value of pixels that belong to none. */
export function classesOf(categories: readonly CocoCategory[]): Project['dataset']['classes'] {
  return categories
    .map(({ id, name, color }) => ({
      id,
      name: name.trim(),
      ...(color === undefined ? {} : { color: colorText(color) }),
    }))
    .sort((a, b) => a.id - b.id)
}

/** 0 where no category has it; else the first number above them all. */
export function freeValue(categories: readonly CocoCategory[]): number {
  const ids = categories.map(({ id }) => id)
  return ids.includes(0) ? Math.max(...ids) + 1 : 0
}

/** Images by their id. @param faults what is wrong with them is added to it */
export function imagesById(images: readonly CocoImage[], faults: string[]): ReadonlyMap<CocoImage['id'], CocoImage> {
  const byId = new Map<CocoImage['id'], CocoImage>()
  const names = new Set<string>()
  for (const image of images) {
    if (byId.has(image.id)) faults.push(`image id ${image.id} occurs twice (${image.file_name})`)
    else if (names.has(image.file_name)) faults.push(`image ${image.file_name} occurs twice`)
    else byId.set(image.id, image)
    names.add(image.file_name)
  }
  return byId
}

/** RGB as project files write it. */
export function colorText(color: readonly number[]): string {
  return `#${color.map((value) => value.toString(16).padStart(2, '0')).join('')}`
}

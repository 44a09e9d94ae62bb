import { join } from 'node:path'
import { pathInside } from '../../runs/containment.ts'
import { formatOfName } from '../imageFile.ts'
import { listImageFiles } from '../listFiles.ts'
import type { DrawnMask } from '../masks/maskSource.ts'
import { commonFolder, findFiles } from './findFiles.ts'
import type { DatasetFormat, DatasetPlace, Recognised, RecogniseChoice } from './format.ts'
import { pairNamedImages, type ReadAnnotations } from './namedPairs.ts'
import { backgroundAndObject, objectValue } from './objectClass.ts'

/** A folder per image with a PNG for each object: the layout of the Data Science Bowl 2018. */
export const instanceFolders: DatasetFormat = {
  recognise,
  listPairs: async (place) => pairNamedImages(place, await readFolders(place)),
}

/** What one folder holds, as paths below that of all. */
interface Scene {
  readonly images: string[]
  readonly masks: string[]
}

async function readFolders(place: DatasetPlace): Promise<ReadAnnotations> {
  const { root, unlabelled = 0 } = place
  const folder = pathInside(root, place.images)
  const { files, warnings } = await listImageFiles(root, folder, [join(root, 'foldwise')])
  const value = objectValue(place)
  const faults: string[] = []
  const masks: [string, DrawnMask][] = []
  for (const [scene, { images, masks: objects }] of scenesIn(files)) {
    if (images.length === 0) faults.push(`${scene}: masks without an image`)
    if (images.length > 1) faults.push(`${scene}: ${images.length} images, one is expected (${images[1]})`)
    const [subject] = images
    if (images.length !== 1) continue
    const shapes = objects.map((file) => ({
      id: file,
      value,
      area: { kind: 'png', file: join(folder, file) } as const,
    }))
    masks.push([subject, { kind: 'drawn', file: folder, subject, size: join(folder, subject), unlabelled, shapes }])
  }
  return { file: folder, masks, faults, warnings }
}

function scenesIn(files: readonly string[]): ReadonlyMap<string, Scene> {
  const scenes = new Map<string, Scene>()
  for (const file of files) {
    const match = /^(.+)\/(images|masks)\/[^/]+$/.exec(file)
    if (match === null) continue
    const [, name, kind] = match
    const scene = scenes.get(name) ?? { images: [], masks: [] }
    scenes.set(name, scene)
    scene[kind === 'images' ? 'images' : 'masks'].push(file)
  }
  return scenes
}

async function recognise({ root, images, masks }: RecogniseChoice): Promise<Recognised | undefined> {
  if (images !== masks) return undefined
  const below = images === undefined || images === '.' ? '' : `${images}/`
  const files = (await findFiles(root, /./)).map(({ path }) => path)
  const pictures = files.filter((path) => path.startsWith(below) && formatOfName(path) !== undefined)
  const scenes = [...scenesIn(pictures)]
  // Folders of images and masks for training and validation look alike but hold many images each.
  const isThis = scenes.length > 1 && scenes.every(([, scene]) => scene.images.length === 1 && scene.masks.length > 0)
  if (!isThis) return undefined
  const folder = images ?? commonFolder(scenes.map(([name]) => `${name}/`.replace(/[^/]+\/$/, '')))
  const objects = scenes.reduce((sum, [, scene]) => sum + scene.masks.length, 0)
  return {
    images: folder,
    masks: folder,
    unlabelled: 0,
    classes: await backgroundAndObject(root),
    sentences: [
      `${folder} holds ${scenes.length} folders with one image and a mask per object each: ${objects} objects.`,
      'A pixel is of class 1 where any of them is not 0.',
    ],
  }
}

import { isAbsolute, relative, resolve, sep } from 'node:path'
import { maskRules, type MaskRules } from '../../data/maskRules.ts'
import type { MaskSource } from '../../data/masks/maskSource.ts'
import { pathInside } from '../../runs/containment.ts'
import { readProject } from '../../runs/project.ts'
import { openWorkspace } from '../../runs/workspace.ts'
import { attempt, noteText } from './attempt.ts'
import type { Pairings } from './pairings.ts'

/** What a picture of a file shows: the file itself and its partner, absolute paths. */
export interface PictureSubject {
  readonly image: string | undefined
  /** With the rules by which it is read. */
  readonly mask: { readonly source: MaskSource; readonly rules: MaskRules } | undefined
  readonly notes: readonly string[]
}

/**
 * Finds out what a file is to a project: an image, a mask, or neither.
 * @throws UserError `outside-workspace` for a link that leads out of the project
 */
export async function pictureSubject(
  file: string,
  root: string | undefined,
  pairings: Pairings,
): Promise<PictureSubject> {
  const path = resolve(file)
  const alone = (note: string): PictureSubject => ({ image: path, mask: undefined, notes: [note] })
  if (root === undefined) return alone('This file belongs to no project: no mask is shown.')
  if (!isBelow(resolve(root), path)) return alone('This file lies outside the project: no mask is shown.')
  pathInside(root, path)
  const opened = await attempt(() => {
    const workspace = openWorkspace(root)
    const { project } = readProject(workspace)
    return { place: { root: workspace.root, ...project.dataset }, rules: maskRules(project) }
  })
  if (opened.value === undefined) return alone(`No mask is shown: ${noteText(opened.error)}`)
  const { rules, place } = opened.value
  const pairing = await attempt(() => pairings.of({ ...place, allowUnpaired: true }))
  const pair = pairing.value?.byImage.get(path) ?? pairing.value?.byMask.get(path)
  if (pair !== undefined) return { image: pair.image, mask: { source: pair.mask, rules }, notes: [] }
  switch (folderOf(path, place)) {
    case 'masks':
      return { image: undefined, mask: { source: path, rules }, notes: ['No image was found for this mask.'] }
    case 'images':
      return alone(
        pairing.value === undefined
          ? `No mask is shown: ${noteText(pairing.error)}`
          : 'No mask was found for this image.',
      )
    case undefined:
      return alone('This file is neither an image nor a mask of the project.')
  }
}

interface Folders {
  readonly root: string
  readonly images: string
  readonly masks: string
}

/** Where one folder holds the other, the inner one says what a file is. */
function folderOf(path: string, { root, images, masks }: Folders): 'images' | 'masks' | undefined {
  const [imageFolder, maskFolder] = [resolve(root, images), resolve(root, masks)]
  const isImage = isBelow(imageFolder, path)
  const isMask = isBelow(maskFolder, path)
  if (isImage && isMask) return maskFolder.length > imageFolder.length ? 'masks' : 'images'
  return isImage ? 'images' : isMask ? 'masks' : undefined
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

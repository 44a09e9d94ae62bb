import { join } from 'node:path'
import { UserError } from '../core/errors.ts'
import { pathInside } from '../runs/containment.ts'
import { listImageFiles } from './listFiles.ts'
import type { MaskSource } from './masks/maskSource.ts'
import { stemSuffixes, matchMasks, stemOf } from './matchMasks.ts'

/** One image with its mask. */
export interface ImagePair {
  /** Path of the image below the folder of images, with '/'; names the image everywhere. */
  readonly name: string
  /** Absolute path. */
  readonly image: string
  /** Absolute path of a PNG, or how the mask is drawn. */
  readonly mask: MaskSource
}

export interface PairedFolders {
  /** Sorted by code point of `name`. */
  readonly pairs: readonly ImagePair[]
  /** Absolute paths of what has no partner. */
  readonly imagesWithoutMask: readonly string[]
  readonly masksWithoutImage: readonly string[]
  /** What else is unusual about the files and their names, as sentences. */
  readonly oddities: readonly string[]
  /** How masks were found, as a sentence. */
  readonly rule: string
  readonly warnings: readonly string[]
}

export interface FolderChoice {
  /** Absolute path of the workspace; nothing outside it is read. */
  readonly root: string
  /** Folders relative to `root`; both may be the same. */
  readonly images: string
  readonly masks: string
  /** Images without a mask are left out with a warning; otherwise they are an error. */
  readonly allowUnpaired?: boolean | undefined
  /** Files of other names are passed over without a word. @param file below its folder */
  readonly accepts?: (file: string, of: 'images' | 'masks') => boolean
  /** Endings of the stems of masks, instead of the usual ones. */
  readonly suffixes?: readonly string[]
}

/**
 * Lists two folders and pairs images with masks by their stems. Names are compared after Unicode NFC, endings without regard
 * to case; usual suffixes of mask names (`_mask`, `_label`, `_gt`…) are tried.
 * @throws UserError when there is no image, when images have no mask, or when two images want the same mask
 */
export async function pairFolders({
  root,
  images,
  masks,
  allowUnpaired = false,
  accepts = () => true,
  suffixes,
}: FolderChoice): Promise<PairedFolders> {
  const imageFolder = pathInside(root, images)
  const maskFolder = pathInside(root, masks)
  // Where a folder holds the other one or the whole workspace, it must not list the other's files or old predictions.
  const own = join(root, 'foldwise')
  const imageList = await listImageFiles(root, imageFolder, [maskFolder, own])
  const isOneFolder = imageFolder === maskFolder
  const maskList = isOneFolder ? imageList : await listImageFiles(root, maskFolder, [imageFolder, own])
  const imageFiles = imageList.files.filter((file) => accepts(file, 'images'))
  if (imageFiles.length === 0) throw noImages(imageFolder)
  const maskFiles = maskList.files.filter((file) => accepts(file, 'masks'))
  const found = matchMasks(imageFiles, maskFiles, isOneFolder, suffixes)
  const inImages = (name: string): string => join(imageFolder, name)
  const inMasks = (name: string): string => join(maskFolder, name)
  checkClashes(found.clashes.map(({ images: both, mask }) => [...both.map(inImages), inMasks(mask)]))
  const withoutMask = found.imagesWithoutMask.map(inImages)
  if (withoutMask.length > 0 && (!allowUnpaired || found.pairs.length === 0))
    throw missingMasks(withoutMask, maskFolder, maskFiles)
  const withoutImage = found.masksWithoutImage.map(inMasks)
  const oddities = [
    ...new Set([...imageList.warnings, ...maskList.warnings]),
    ...found.caseOnly.map(
      ({ image, mask }) =>
        `${inImages(image)}: paired with ${inMasks(mask)}, whose name differs in upper and lower case.`,
    ),
  ]
  return {
    imagesWithoutMask: withoutMask,
    masksWithoutImage: withoutImage,
    pairs: found.pairs.map(({ image, mask }) => ({ name: image, image: inImages(image), mask: inMasks(mask) })),
    rule: found.rule,
    oddities,
    warnings: [
      ...oddities,
      ...countAndName(withoutMask, 'without a mask left out'),
      ...countAndName(withoutImage, 'masks without an image not used', ''),
    ],
  }
}

function countAndName(paths: readonly string[], what: string, noun = 'images '): readonly string[] {
  return paths.length === 0 ? [] : [`${paths.length} ${noun}${what}: ${firstOf(paths)}`]
}

function firstOf(paths: readonly string[]): string {
  return paths.slice(0, 5).join(', ') + (paths.length > 5 ? `, and ${paths.length - 5} more` : '')
}

function noImages(folder: string): UserError {
  return new UserError('there is no image in this folder', {
    file: folder,
    allowed: 'PNG, JPEG, TIFF, WebP or GIF files',
    hint: 'Correct dataset.images in project.jsonc.',
    code: 'no-images',
  })
}

function checkClashes(clashes: readonly (readonly string[])[]): void {
  if (clashes.length === 0) return
  const shown = clashes.slice(0, 5).map((files) => files.join(', '))
  throw new UserError(
    `images that want the same mask: ${shown.join('; ')}${clashes.length > 5 ? ` and ${clashes.length - 5} more` : ''}`,
    {
      hint: 'Remove or rename one image of each.',
      code: 'ambiguous-pair',
    },
  )
}

function missingMasks(images: readonly string[], maskFolder: string, masks: readonly string[]): UserError {
  const stem = stemOf(images[0]).split(/[\\/]/).at(-1) ?? ''
  return new UserError(
    `${images.length} ${images.length === 1 ? 'image has' : 'images have'} no mask in ${maskFolder}: ${firstOf(images)}`,
    {
      file: maskFolder,
      value: masks.length === 0 ? 'no masks at all' : `${masks.length} masks, e.g. ${masks[0]}`,
      allowed: `${stem}.png, or ${stem} with one of the suffixes ${stemSuffixes.masks.join(' ')}`,
      hint: 'Add the masks, remove the images, or name the right folders in project.jsonc.',
      code: 'missing-mask',
    },
  )
}

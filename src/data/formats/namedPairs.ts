import { statSync } from 'node:fs'
import { relative, sep } from 'node:path'
import { UserError } from '../../core/errors.ts'
import { pathInside } from '../../runs/containment.ts'
import type { ImagePair, PairedFolders } from '../folders.ts'
import { compareCodePoints } from '../listFiles.ts'
import type { MaskSource } from '../masks/maskSource.ts'
import { throwFaults } from './faults.ts'
import type { DatasetPlace } from './format.ts'

/** A file of annotations as it was read, and what is wrong with it so far. */
export interface ReadAnnotations {
  /** Absolute path. */
  readonly file: string
  /** Masks by the name that the file gives their image. */
  readonly masks: readonly (readonly [image: string, mask: MaskSource])[]
  readonly faults: readonly string[]
  readonly warnings: readonly string[]
}

/**
 * Pairs masks with the images that annotations name below the folder of images, with '/' or '\'. A name that leads out of
 * that folder is a fault and never opened.
 * @throws UserError with all faults, missing images among them unless they may be left out
 */
export function pairNamedImages(
  { root, images, allowUnpaired = false }: DatasetPlace,
  { file, masks, faults, warnings }: ReadAnnotations,
): PairedFolders {
  const folder = pathInside(root, images)
  const pairs: ImagePair[] = []
  const missing: string[] = []
  const outside: string[] = []
  for (const [name, mask] of masks) {
    const path = pathBelow(folder, name.replaceAll('\\', '/'))
    if (path === undefined) outside.push(`image ${name} leads out of ${folder}`)
    else if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) missing.push(name)
    else pairs.push({ name: relative(folder, path).split(sep).join('/'), image: path, mask })
  }
  const missed = missing.length === 0 ? [] : [missingText(folder, missing)]
  const others = [...faults, ...outside]
  // All at once: where there is anything to mend, what is missing is said too.
  const mayMiss = allowUnpaired && pairs.length > 0 && others.length === 0
  throwFaults(file, [...others, ...(mayMiss ? [] : missed)])
  if (pairs.length === 0)
    throw new UserError('this file names no images', { file, hint: 'Export it again.', code: 'no-images' })
  return {
    pairs: pairs.sort((a, b) => compareCodePoints(a.name, b.name)),
    imagesWithoutMask: [],
    masksWithoutImage: [],
    oddities: warnings,
    rule: `Masks are made from the annotations in ${relative(root, file)}.`,
    warnings: [...warnings, ...(mayMiss ? missed : [])],
  }
}

function pathBelow(folder: string, name: string): string | undefined {
  try {
    return pathInside(folder, name)
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

function missingText(folder: string, missing: readonly string[]): string {
  const shown = missing.slice(0, 5).join(', ') + (missing.length > 5 ? `, and ${missing.length - 5} more` : '')
  return `${missing.length} ${missing.length === 1 ? 'image' : 'images'} not found in ${folder}: ${shown}`
}

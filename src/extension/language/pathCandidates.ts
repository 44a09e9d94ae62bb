import { isAbsolute, normalize, resolve, sep } from 'node:path'
import { isPictureName, type PathToken } from './pathToken.ts'

/** Where paths may begin, absolute, in the order in which they are tried. */
export interface Bases {
  /** Of the document; undefined for one that was never saved. */
  readonly document: string | undefined
  readonly workspace: readonly string[]
  readonly projects: readonly { readonly root: string; readonly images: string; readonly masks: string }[]
}

/** Endings that a name without one may have. */
const endings = ['.png', '.jpg', '.jpeg', '.bmp', '.tif', '.tiff', '.webp', '.gif', '.PNG', '.JPG']

/** Files that a token may mean, absolute, the likeliest first. A path to another machine is none: looking would go there. */
export function pathCandidates({ text, mayBeStem }: PathToken, bases: Bases): readonly string[] {
  if (/^[\\/]{2}/.test(text)) return []
  const path = normalize(sep === '/' ? text.replaceAll('\\', '/') : text)
  const roots = bases.projects.map(({ root }) => root)
  const images = bases.projects.map((project) => resolve(project.root, project.images))
  const masks = bases.projects.map((project) => resolve(project.root, project.masks))
  const folders = [bases.document, ...bases.workspace, ...roots, ...images, ...masks].filter(
    (each) => each !== undefined,
  )
  const named = isPictureName(path) ? (isAbsolute(path) ? [path] : folders.map((folder) => resolve(folder, path))) : []
  const stems = mayBeStem && named.length === 0 && !isAbsolute(path)
  const ended = stems ? images.flatMap((folder) => endings.map((ending) => resolve(folder, `${path}${ending}`))) : []
  return [...new Set([...named, ...ended])]
}

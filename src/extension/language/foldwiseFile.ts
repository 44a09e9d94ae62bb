import { relative, sep } from 'node:path'

/** What a file is to the project that it lies in. */
export type FoldwiseFile =
  { readonly kind: 'project' } | { readonly kind: 'experiment'; /** Without its ending. */ readonly name: string }

/** undefined for a file that Foldwise does not read as text. Both paths are absolute. */
export function foldwiseFile(root: string, path: string): FoldwiseFile | undefined {
  const way = relative(root, path).split(sep).join('/')
  if (way === 'foldwise/project.jsonc') return { kind: 'project' }
  const name = /^foldwise\/experiments\/([^/]+)\.jsonc$/.exec(way)?.[1]
  return name === undefined ? undefined : { kind: 'experiment', name }
}

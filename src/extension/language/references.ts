import { findNodeAtLocation, getLocation, parseTree } from 'jsonc-parser'
import type { JsonPath } from '../../runs/jsonc.ts'
import type { FoldwiseFile } from './foldwiseFile.ts'

/** A text in a JSON file that names something else. Offsets include the quotes. */
export interface Reference {
  readonly names: 'experiment' | 'folder'
  readonly value: string
  readonly start: number
  readonly end: number
}

const experimentPaths: Readonly<Record<FoldwiseFile['kind'], JsonPath>> = {
  experiment: ['extends'],
  project: ['baseline'],
}

const folderPaths: readonly JsonPath[] = [
  ['dataset', 'images'],
  ['dataset', 'masks'],
]

/** What a project's or experiment's text refers to, as far as it can be read while it is being typed. */
export function references(text: string, kind: FoldwiseFile['kind']): readonly Reference[] {
  const root = parseTree(text, [], { allowTrailingComma: true })
  if (root === undefined) return []
  const at = (path: JsonPath, names: Reference['names']): readonly Reference[] => {
    const node = findNodeAtLocation(root, [...path])
    if (node?.type !== 'string' || typeof node.value !== 'string' || node.value === '') return []
    return [{ names, value: node.value, start: node.offset, end: node.offset + node.length }]
  }
  const folders = kind === 'project' ? folderPaths.flatMap((path) => at(path, 'folder')) : []
  return [...at(experimentPaths[kind], 'experiment'), ...folders]
}

/**
 * The text that a completion at this offset replaces, where an experiment's name is expected: the whole value with its
 * quotes, or nothing where none was begun.
 */
export function experimentSlot(
  text: string,
  kind: FoldwiseFile['kind'],
  offset: number,
): Pick<Reference, 'start' | 'end'> | undefined {
  const { path, isAtPropertyKey, previousNode } = getLocation(text, offset)
  if (isAtPropertyKey || path.join('/') !== experimentPaths[kind].join('/')) return undefined
  if (previousNode?.type !== 'string') return { start: offset, end: offset }
  return { start: previousNode.offset, end: previousNode.offset + previousNode.length }
}

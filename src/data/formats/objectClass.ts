import { UserError } from '../../core/errors.ts'
import { readClassList } from '../inspect/classList.ts'
import type { DatasetPlace, Recognised } from './format.ts'

/** Mask value of objects whose format names no class: that of the one class beside the unlabelled rest. */
export function objectValue({ classes, unlabelled = 0 }: DatasetPlace): number {
  const others = (classes ?? []).filter(({ id }) => id !== unlabelled)
  if (others.length === 1) return others[0].id
  if (classes === undefined) return unlabelled + 1
  throw new UserError('these annotations say where objects are and not of which class', {
    value: others.map(({ name }) => name),
    allowed: `exactly one class beside ${unlabelled}, the value of unlabelled pixels`,
    hint: 'Keep one class of objects in project.jsonc.',
    code: 'several-classes',
  })
}

/** Background and object, with the names of the data set's own list where it has such two. */
export async function backgroundAndObject(root: string): Promise<NonNullable<Recognised['classes']>> {
  const listed = (await readClassList(root))?.classes.toSorted((a, b) => a.id - b.id) ?? []
  const isThese = listed.length === 2 && listed[0].id === 0 && listed[1].id === 1
  const names = isThese ? listed.map(({ name }) => name) : ['background', 'object']
  return { classes: names.map((name, id) => ({ id, name })), ignore_index: null }
}

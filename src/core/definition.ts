import type * as z from 'zod'
import { UserError } from './errors.ts'
import { nearestName } from './nearest.ts'

/**
 * The one declaration of a loss, optimizer, scheduler, transform, encoder, architecture or split method. Its room adds the
 * implementation as further properties; validation, JSON Schema, help and the differ's wording follow from these three.
 */
export interface Definition<Arguments extends z.ZodObject = z.ZodObject> {
  /** The field's own name for it, as a Python user would paste it. */
  readonly name: string
  /** One sentence for help, hover and pickers. */
  readonly summary: string
  /** Schema of its own arguments, each with a description, unit and default. */
  readonly arguments: Arguments
}

/** All definitions of one kind, in the order in which they are offered. */
export interface Registry<D extends Definition = Definition> {
  readonly names: readonly string[]
  readonly all: readonly D[]
  /** @throws UserError that lists the allowed names and the nearest one when the name is unknown */
  readonly get: (name: string) => D
}

/** @param kind what one member is called in messages, e.g. `loss` */
export function registry<D extends Definition>(list: readonly D[], kind = 'name'): Registry<D> {
  const byName = new Map(list.map((definition) => [definition.name, definition]))
  if (byName.size !== list.length) throw new Error(`Two definitions of one ${kind} share a name`)
  const names = [...byName.keys()]
  const get = (name: string): D => {
    const definition = byName.get(name)
    if (definition !== undefined) return definition
    const nearest = nearestName(name, names)
    throw new UserError(`Unknown ${kind} "${name}".`, {
      value: name,
      allowed: names,
      hint: nearest === undefined ? undefined : `Did you mean "${nearest}"?`,
      code: 'unknown-name',
    })
  }
  return { names, all: list, get }
}

import * as z from 'zod'
import { parseWith, type Locate } from './issues.ts'
import { projectSchemaOver, type Project } from './projectSchema.ts'

const outlineSchema = projectSchemaOver(z.looseObject({ method: z.string() }))

/**
 * The project for whoever looks on: the split as it is written, without its methods and their defaults, which only those who
 * split must know.
 * @throws UserError naming path, value and what is allowed, at the place that `locate` gives
 */
export function parseProjectOutline(value: unknown, locate: Locate): Project {
  return parseWith(outlineSchema, value, locate)
}

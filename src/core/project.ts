import { parseWith, type Locate } from './issues.ts'
import { projectSchemaOver, type Project } from './projectSchema.ts'
import { splitSchema } from './splits/splitSchema.ts'

/** The schema of `foldwise/project.jsonc`: validation, JSON Schema and help come from it. */
export const projectSchema = projectSchemaOver(splitSchema)

/** @throws UserError naming path, value and what is allowed, at the place that `locate` gives */
export function parseProject(value: unknown, locate: Locate): Project {
  return parseWith(projectSchema, value, locate)
}

import * as z from 'zod'
import { experimentNotes } from './experimentFile.ts'
import type { ExperimentConfig } from './experiment.ts'
import { projectSchema } from './project.ts'

/** A JSON Schema (draft 7, the one that editors understand best). */
export type JsonSchema = z.core.JSONSchema.BaseSchema

function toJsonSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', target: 'draft-7' })
}

/** A section that inherits what it leaves out: nothing is required, and without a name any method may be meant. */
function partialSection(section: JsonSchema): JsonSchema {
  const kept = Object.fromEntries(Object.entries(section).filter(([key]) => key !== 'oneOf' && key !== 'required'))
  return section.oneOf === undefined ? kept : { ...kept, anyOf: section.oneOf.map((option) => partialSection(option)) }
}

/** Schema of `foldwise/experiments/*.jsonc`: every key optional, with descriptions, units, ranges and defaults. */
export function experimentJsonSchema(schema: z.ZodType<ExperimentConfig>): JsonSchema {
  const whole = toJsonSchema(schema)
  const notes = toJsonSchema(z.strictObject({ $schema: z.string().optional(), ...experimentNotes })).properties
  const sections = Object.entries(whole.properties ?? {}).map(([name, section]) => [
    name,
    partialSection(section as JsonSchema),
  ])
  return {
    ...partialSection(whole),
    title: 'Foldwise experiment',
    properties: { ...notes, ...(Object.fromEntries(sections) as JsonSchema['properties']) },
  }
}

/** Schema of `foldwise/project.jsonc`. */
export function projectJsonSchema(): JsonSchema {
  return { ...toJsonSchema(projectSchema), title: 'Foldwise project' }
}

import type * as z from 'zod'

/** A JSON Schema (draft 7, the one that editors understand best), with the additions that VS Code's completion reads. */
export type JsonSchema = z.core.JSONSchema.BaseSchema

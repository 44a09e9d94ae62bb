import * as z from 'zod'
import { parseWith, type Locate } from './issues.ts'

/** A name that is also a file name on every system: letters (of any script), digits, `_` and `-`. */
export const experimentName = z
  .string()
  .max(80)
  .regex(/^[\p{L}\p{N}_][\p{L}\p{N}_-]*$/u, 'use letters, digits, "_" and "-" only')

const part = z.record(z.string(), z.unknown())
const parts = z.array(z.looseObject({ name: z.string() }))

/** The keys of an experiment file beside its conditions. */
export const experimentNotes = {
  extends: experimentName
    .optional()
    .describe('Experiment from which this one differs; the built-in baseline when left out.'),
  hypothesis: z.string().optional().describe('What this change is expected to do, and why.'),
  tags: z.array(z.string()).optional().describe('Words to find the experiment by.'),
  notes: z.string().optional().describe('Anything worth remembering.'),
}

/** The form of one file on its own: conditions are checked after `extends` has been followed, when they are whole. */
const experimentFileSchema = z.strictObject({
  $schema: z.string().optional(),
  ...experimentNotes,
  model: part.optional(),
  loss: parts.optional(),
  optimizer: part.optional(),
  scheduler: part.optional(),
  augment: parts.optional(),
  mix: part.nullable().optional(),
  data: part.optional(),
  train: part.optional(),
  inference: part.optional(),
})

/** `experiments/NAME.jsonc` as written: only what differs from what it extends. */
export type ExperimentFile = Readonly<z.infer<typeof experimentFileSchema>>

/** @throws UserError at the place that `locate` gives when the file's form is wrong */
export function parseExperimentFile(value: unknown, locate: Locate): ExperimentFile {
  return parseWith(experimentFileSchema, value, locate)
}

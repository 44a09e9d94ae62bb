import * as z from 'zod'
import { builtInBaseline } from './baseline.ts'
import { withEncoders } from './encoderOffers.ts'
import type { EncoderDefinition, ExperimentConfig } from './experiment.ts'
import { experimentNotes } from './experimentFile.ts'
import { hoverText, withHoverTexts } from './hoverTexts.ts'
import { definitionsOf, withInlineReferences } from './inlineReferences.ts'
import type { JsonSchema } from './jsonSchemaType.ts'
import { methodChoice } from './methodChoice.ts'
import { projectSchema } from './project.ts'

const schemaKey = z
  .string()
  .optional()
  .describe('Address of a JSON Schema for other editors; Foldwise does not read it.')

function toJsonSchema(schema: z.ZodType): JsonSchema {
  return withInlineReferences(z.toJSONSchema(schema, { io: 'input', target: 'draft-7' }))
}

/**
 * Schema of `foldwise/experiments/*.jsonc`: every key optional, with descriptions, ranges and defaults.
 * @param encoders what completion and hover say of each
 */
export function experimentJsonSchema(
  schema: z.ZodType<ExperimentConfig>,
  encoders: readonly EncoderDefinition[] = [],
): JsonSchema {
  const whole = toJsonSchema(schema)
  const notes = toJsonSchema(z.strictObject({ $schema: schemaKey, ...experimentNotes }))
  const sections = Object.entries(propertiesOf(whole)).map(([name, section]): [string, JsonSchema] => {
    const partial = partialSection(section, name)
    return [name, name === 'model' ? withEncoders(partial, encoders) : partial]
  })
  return withHoverTexts({
    ...withoutRequired(whole),
    ...choicesOf(whole),
    title: 'Foldwise experiment',
    properties: { ...propertiesOf(notes), ...Object.fromEntries(sections) },
  })
}

/** Schema of `foldwise/project.jsonc`. */
export function projectJsonSchema(): JsonSchema {
  const whole = toJsonSchema(projectSchema)
  const properties = propertiesOf(whole)
  return withHoverTexts({
    ...whole,
    title: 'Foldwise project',
    properties: {
      ...properties,
      $schema: toJsonSchema(schemaKey),
      dataset: withClassSnippet(properties['dataset']),
      split: methodChoice(properties['split'], 'named'),
    },
  })
}

/** Transforms inside transforms are a choice like those outside. */
function choicesOf(schema: JsonSchema): JsonSchema {
  const definitions = definitionsOf(schema)
  const choices = Object.entries(definitions).map(([name, choice]) => [name, methodChoice(choice, 'named')])
  return choices.length === 0
    ? {}
    : { definitions: Object.fromEntries(choices) as Readonly<Record<string, JsonSchema>> }
}

/** A section that inherits what it leaves out: nothing is required, and without a name any method may be meant. */
function partialSection(section: JsonSchema, name: string): JsonSchema {
  const items = section.items as JsonSchema | undefined
  if (items?.oneOf !== undefined) return { ...section, items: methodChoice(items, 'named') }
  const choice = section.anyOf?.find(({ oneOf }) => oneOf !== undefined)
  if (choice !== undefined) return optionalChoice(section, choice)
  if (section.oneOf === undefined) return withoutRequired(section)
  // What holds where nothing of the lineage says anything. As the schema's own default, completion would write it out.
  const { [name]: fallback } = builtInBaseline as Readonly<Record<string, unknown>>
  const markdownDescription = hoverText({ ...section, oneOf: undefined, default: fallback })
  return { ...methodChoice(section, 'inherited'), markdownDescription }
}

/** A method, or null for none. */
function optionalChoice({ default: fallback, ...section }: JsonSchema, choice: JsonSchema): JsonSchema {
  const own = { ...section, anyOf: undefined }
  const markdownDescription = hoverText({ ...own, default: fallback })
  return { ...methodChoice({ ...own, ...choice }, 'inherited'), type: ['object', 'null'], markdownDescription }
}

function withClassSnippet(dataset: JsonSchema): JsonSchema {
  const properties = propertiesOf(dataset)
  const { classes } = properties
  const body = { id: '^$1', name: '$2', color: '#${3:E69F00}' }
  const snippet = { label: 'class', description: 'A class: its value in the masks, its name and its colour.', body }
  const items = { ...(classes.items as JsonSchema), defaultSnippets: [snippet] }
  return { ...dataset, properties: { ...properties, classes: { ...classes, items } } }
}

function withoutRequired(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== 'required'))
}

function propertiesOf({ properties }: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return properties as Readonly<Record<string, JsonSchema>>
}

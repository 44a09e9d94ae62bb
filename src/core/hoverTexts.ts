import { definitionsOf } from './inlineReferences.ts'
import type { JsonSchema } from './jsonSchemaType.ts'

/** Allowed values are listed in a hover up to this many; completion lists them all. */
const mostValues = 8

/**
 * The schema with `markdownDescription` wherever it describes something: VS Code shows neither the default nor the range
 * of a key by itself.
 */
export function withHoverTexts(schema: JsonSchema): JsonSchema {
  const markdownDescription = schema['markdownDescription'] ?? hoverText(schema)
  return {
    ...schema,
    ...(markdownDescription === undefined ? {} : { markdownDescription }),
    ...mapped(schema, 'properties', (properties) =>
      Object.fromEntries(Object.entries(properties).map(([key, property]) => [key, inner(property)])),
    ),
    ...mapped(schema, 'definitions', () =>
      Object.fromEntries(Object.entries(definitionsOf(schema)).map(([key, definition]) => [key, inner(definition)])),
    ),
    ...mapped(schema, 'items', (items) => (Array.isArray(items) ? items.map(inner) : inner(items))),
    ...mapped(schema, 'allOf', (options) => options.map(withHoverTexts)),
    ...mapped(schema, 'anyOf', (options) => options.map(withHoverTexts)),
    ...mapped(schema, 'then', inner),
    ...mapped(schema, 'else', inner),
  }
}

/** Description, default and what is allowed, as Markdown; undefined where the description says it all, or there is none. */
export function hoverText(schema: JsonSchema): string | undefined {
  const { description, default: fallback } = schema
  if (description === undefined) return undefined
  const isSaid = fallback === undefined || isEmptyObject(fallback) || description.includes('(default ')
  const allowed = allowedText(schema)
  const facts = [
    ...(isSaid ? [] : [`Default: ${code(fallback)}`]),
    ...(allowed === undefined ? [] : [`Allowed: ${allowed}`]),
  ]
  return facts.length === 0 ? undefined : `${literal(description)}\n\n${facts.join(' · ')}`
}

function inner(schema: JsonSchema | boolean): JsonSchema | boolean {
  return typeof schema === 'object' ? withHoverTexts(schema) : schema
}

function mapped<Key extends keyof JsonSchema>(
  schema: JsonSchema,
  key: Key,
  map: (value: NonNullable<JsonSchema[Key]>) => unknown,
): object {
  const { [key]: value } = schema
  return value === undefined || value === null ? {} : { [key]: map(value) }
}

/** What may stand here; undefined where the type says nothing that the description does not. */
function allowedText(schema: JsonSchema): string | undefined {
  const texts = optionsOf(schema).map(valuesText)
  return texts.includes(undefined) ? undefined : texts.join(' or ')
}

/** Choices inside choices are one choice. */
function optionsOf(schema: JsonSchema): readonly JsonSchema[] {
  return schema.anyOf?.flatMap(optionsOf) ?? [schema]
}

function valuesText(schema: JsonSchema): string | undefined {
  const { type, const: only, enum: values } = schema
  if (only !== undefined) return code(only)
  if (values !== undefined) return values.length > mostValues ? undefined : values.map(code).join(', ')
  switch (type) {
    case 'integer':
      return joined('whole number', rangeText(schema))
    case 'number':
      return joined('number', rangeText(schema))
    case 'boolean':
      return '`true` or `false`'
    case 'null':
      return '`null`'
    case 'array':
      return listText(schema)
    default:
      return undefined
  }
}

/** Of lists of numbers; their elements have one range. */
function listText({ items }: JsonSchema): string | undefined {
  const [first] = [items].flat()
  if (typeof first !== 'object') return undefined
  const count = Array.isArray(items) ? String(items.length) : 'list of'
  switch (first.type) {
    case 'integer':
      return joined(count, 'whole numbers', rangeText(first))
    case 'number':
      return joined(count, 'numbers', rangeText(first))
    default:
      return undefined
  }
}

function rangeText({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string | undefined {
  const low = isLimit(minimum) ? `≥ ${minimum}` : isLimit(exclusiveMinimum) ? `> ${exclusiveMinimum}` : undefined
  const high = isLimit(maximum) ? `≤ ${maximum}` : isLimit(exclusiveMaximum) ? `< ${exclusiveMaximum}` : undefined
  if (isLimit(minimum) && isLimit(maximum)) return `${minimum} … ${maximum}`
  return low !== undefined && high !== undefined ? `${low} and ${high}` : (low ?? high)
}

/** A whole number of JavaScript always has these bounds. */
function isLimit(bound: number | boolean | undefined): bound is number {
  return typeof bound === 'number' && Math.abs(bound) < Number.MAX_SAFE_INTEGER
}

function joined(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' ')
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

function code(value: unknown): string {
  return `\`${JSON.stringify(value)}\``
}

/** The text without anything that Markdown would take for its own. */
function literal(text: string): string {
  return text.replace(/[\\`*_[\]<>#|]/g, '\\$&')
}

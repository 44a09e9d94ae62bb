import type { JsonSchema } from './jsonSchemaType.ts'

const nameless = '#/definitions/__'

/** What a schema refers to, by name. */
export function definitionsOf({ definitions }: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return (definitions ?? {}) as Readonly<Record<string, JsonSchema>>
}

/**
 * The schema with what zod defines under a name of its own making (lists that may hold lists of their kind) written where it is used:
 * an editor shows what stands at the key.
 */
export function withInlineReferences(schema: JsonSchema): JsonSchema {
  const definitions = definitionsOf(schema)
  const inline = JSON.parse(JSON.stringify(schema), (_, value: unknown) => {
    const reference = (value as JsonSchema | null)?.$ref
    if (typeof reference !== 'string' || !reference.startsWith(nameless)) return value
    return definitions[reference.slice('#/definitions/'.length)]
  }) as JsonSchema
  const named = Object.entries(definitionsOf(inline)).filter(([name]) => !name.startsWith('__'))
  return { ...inline, ...(named.length === 0 ? {} : { definitions: Object.fromEntries(named) }) }
}

import type { JsonSchema } from './jsonSchemaType.ts'

interface Option {
  readonly name: string
  readonly summary: string
  readonly schema: JsonSchema
}

const argumentsAlone = {
  label: '{ }',
  description: 'Other arguments of the method that is inherited.',
  bodyText: '{ $0 }',
}

/**
 * A choice of methods (`oneOf` over objects that differ by a constant) as editors serve it best: the names are one list of
 * values with their summaries, so a wrong name is one message, and the arguments of a method follow from its name.
 * @param name `inherited` where the parent may give it: any method's arguments are right then, and none is required
 */
export function methodChoice({ oneOf = [], ...choice }: JsonSchema, name: 'named' | 'inherited'): JsonSchema {
  const key = nameKeyOf(oneOf)
  const options = oneOf.map((option) => optionOf(option, key))
  const isNamed = { required: [key] }
  const byName = options.map((option): JsonSchema => ({
    if: { ...isNamed, properties: { [key]: { const: option.name } } },
    then: argumentsOf(option, key, name),
  }))
  const unnamed: JsonSchema = { if: isNamed, else: { anyOf: options.map((option) => argumentsOf(option, key, name)) } }
  return {
    ...choice,
    type: 'object',
    ...(name === 'named' ? isNamed : {}),
    properties: {
      [key]: {
        description: 'The method, by its name; its arguments stand beside it.',
        type: 'string',
        enum: options.map((option) => option.name),
        enumDescriptions: options.map(({ summary }) => summary),
      },
    },
    allOf: name === 'named' ? byName : [...byName, unnamed],
    defaultSnippets: [
      ...(name === 'named' ? [] : [argumentsAlone]),
      ...options.map((option) => ({
        label: option.name,
        description: option.summary,
        body: snippetOf(option.schema, key, option.name),
      })),
    ],
  }
}

function nameKeyOf(options: readonly JsonSchema[]): string {
  const keys = Object.entries(options[0]?.properties ?? {})
  const key = keys.find(([, property]) => typeof property === 'object' && property.const !== undefined)?.[0]
  if (key === undefined) throw new Error('No key that names the method')
  return key
}

function optionOf(schema: JsonSchema, key: string): Option {
  const { const: name, description = '' } = schema.properties?.[key] as JsonSchema
  return { name: String(name), summary: description, schema }
}

function argumentsOf({ schema }: Option, key: string, name: 'named' | 'inherited'): JsonSchema {
  const { properties, required, ...others } = schema
  // The name itself is described where it is chosen: described twice, a hover would show either.
  const kept = { ...others, properties: { ...withChoices(properties, name), [key]: true } }
  const needed = required?.filter((each) => each !== key) ?? []
  return name === 'named' && needed.length > 0 ? { ...kept, required: needed } : kept
}

/** Arguments that are a method of their own, or null, as a choice too. */
function withChoices(properties: JsonSchema['properties'], name: 'named' | 'inherited'): JsonSchema['properties'] {
  const choice = (property: JsonSchema | boolean): JsonSchema | boolean => {
    if (typeof property !== 'object' || property.anyOf === undefined) return property
    const options = property.anyOf.map((option) => (option.oneOf === undefined ? option : methodChoice(option, name)))
    return { ...property, anyOf: options }
  }
  return Object.fromEntries(Object.entries(properties ?? {}).map(([key, property]) => [key, choice(property)]))
}

/** The method with what it requires; `^` is VS Code's mark for a value that is no text. */
function snippetOf(schema: JsonSchema, key: string, name: string): unknown {
  const needed = (schema.required ?? []).filter((each) => each !== key)
  let stop = 0
  const valueOf = (property: JsonSchema): unknown => {
    switch (property.type) {
      case 'object':
        return Object.fromEntries((property.required ?? []).map((each) => [each, valueOf(propertyOf(property, each))]))
      case 'string':
        return `$${++stop}`
      case 'array':
        return [`^$${++stop}`]
      default:
        return `^$${++stop}`
    }
  }
  return { [key]: name, ...Object.fromEntries(needed.map((each) => [each, valueOf(propertyOf(schema, each))])) }
}

function propertyOf({ properties }: JsonSchema, key: string): JsonSchema {
  return properties?.[key] as JsonSchema
}

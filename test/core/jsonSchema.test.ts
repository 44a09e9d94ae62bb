import { describe, expect, it } from 'vitest'
import { experimentJsonSchema, projectJsonSchema, type JsonSchema } from '../../src/core/jsonSchema.ts'
import { testSchema } from './registries.ts'

/** All schemas of named properties, with the path to each. */
function properties(schema: JsonSchema, path = ''): [string, JsonSchema][] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, inner]): [string, JsonSchema][] => {
    const property = inner as JsonSchema
    return [[`${path}.${name}`, property], ...properties(property, `${path}.${name}`)]
  })
  const options = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((option) => properties(option, path))
  const items =
    schema.items !== undefined && !Array.isArray(schema.items)
      ? properties(schema.items as JsonSchema, `${path}[]`)
      : []
  return [...own, ...options, ...items]
}

describe.each([
  ['experiment', experimentJsonSchema(testSchema)],
  ['project', projectJsonSchema()],
])('JSON Schema of an %s', (_, schema) => {
  it('describes every key', () => {
    const found = properties(schema).filter(
      ([path]) => path !== '.$schema' && !/beta1|momentum|smooth|holes|decoder_channels|\.weight_decay|\.p$/.test(path),
    )
    expect(found.length).toBeGreaterThan(10)
    for (const [path, { description }] of found) expect(description, path).toBeTruthy()
  })

  it('is plain JSON of draft 7', () => {
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema)
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#')
    expect(schema.additionalProperties).toBe(false)
  })
})

describe('JSON Schema of an experiment', () => {
  const schema = experimentJsonSchema(testSchema)
  const byPath = new Map(properties(schema))

  it('requires nothing: what is left out is inherited', () => {
    expect(schema.required).toBeUndefined()
    const { optimizer } = schema.properties as Record<string, JsonSchema>
    expect(optimizer.anyOf?.map(({ required }) => required)).toEqual(optimizer.anyOf?.map(() => undefined))
    expect(optimizer.oneOf).toBeUndefined()
  })

  it('carries defaults', () => {
    expect(byPath.get('.data.batch_size')?.default).toBe(8)
    expect(byPath.get('.loss')?.default).toEqual([{ name: 'CrossEntropyLoss', weight: 1 }])
    expect(byPath.get('.extends')).toBeDefined()
  })
})

describe('JSON Schema of a project', () => {
  it('asks for data set and split only', () => {
    expect(projectJsonSchema().required).toEqual(['dataset', 'split'])
  })
})

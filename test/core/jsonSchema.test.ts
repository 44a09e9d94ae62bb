import { describe, expect, it } from 'vitest'
import { experimentJsonSchema, projectJsonSchema } from '../../src/core/jsonSchema.ts'
import type { JsonSchema } from '../../src/core/jsonSchemaType.ts'
import { encoders } from '../../src/model/encoders/registry.ts'
import { experimentSchema } from '../../src/train/experimentSchema.ts'
import { testRegistries, testSchema } from './registries.ts'

type Place = readonly [path: string, schema: JsonSchema]

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Schemas of all keys that a person can write, with the path to each; what `if` asks is no key. */
function keys(schema: JsonSchema, path = ''): readonly Place[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, property]): readonly Place[] =>
    isSchema(property) ? [[`${path}.${name}`, property], ...keys(property, `${path}.${name}`)] : [],
  )
  const options = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? []), schema.then, schema.else]
  const items = [schema.items].flat().flatMap((item) => (isSchema(item) ? keys(item, `${path}[]`) : []))
  return [...own, ...options.flatMap((option) => (isSchema(option) ? keys(option, path) : [])), ...items]
}

/** What is asked before something follows from it, wherever in the schema. */
function conditions(value: unknown): readonly JsonSchema[] {
  if (typeof value !== 'object' || value === null) return []
  const own = isSchema(value) && isSchema(value.if) ? [value.if] : []
  return [...own, ...Object.values(value).flatMap(conditions)]
}

/** What follows from a method's name. */
function argumentsOf(section: JsonSchema, key: string, name: string): JsonSchema {
  const branch = section.allOf!.find(({ if: condition }) => {
    const named = isSchema(condition) ? condition.properties?.[key] : undefined
    return isSchema(named) && named.const === name
  })
  return branch!.then as JsonSchema
}

const experiment = experimentJsonSchema(experimentSchema, encoders.all)
const project = projectJsonSchema()

describe.each([
  ['an experiment', experiment],
  ['a project', project],
])('JSON Schema of %s', (_, schema) => {
  it('describes every key', () => {
    const found = keys(schema).filter(([, { examples }]) => examples === undefined)
    expect(found.length).toBeGreaterThan(10)
    expect(found.filter(([, { description }]) => !description).map(([path]) => path)).toEqual([])
  })

  it('says the default of every key that has one where a hover shows it', () => {
    const found = keys(schema).filter(([, { default: fallback }]) => fallback !== undefined)
    const silent = found.filter(([, { description, markdownDescription, default: fallback }]) => {
      const isEmpty = isSchema(fallback) && Object.keys(fallback).length === 0
      const text = `${description ?? ''} ${String(markdownDescription)}`
      return !isEmpty && !text.includes(`Default: \`${JSON.stringify(fallback)}\``) && !text.includes('(default ')
    })
    expect(found.length).toBeGreaterThan(4)
    expect(silent.map(([path]) => path)).toEqual([])
  })

  it('gives every method its summary', () => {
    const choices = keys(schema).filter(
      // Transforms have arguments called method.
      ([path, { enum: names }]) => names && /(\.(name|arch|encoder_name)|^\.split\.method)$/.test(path),
    )
    expect(choices.length).toBeGreaterThan(0)
    for (const [path, { enum: names = [], enumDescriptions }] of choices) {
      const summaries = enumDescriptions as readonly string[]
      expect(summaries, path).toHaveLength(names.length)
      expect(
        summaries.every((summary) => summary.length > 10),
        path,
      ).toBe(true)
    }
  })

  it('asks no condition by a list: VS Code fails to show a hover where one list has the value and another lacks it', () => {
    const asked = conditions(schema)
    expect(asked.length).toBeGreaterThan(2)
    expect(asked.filter((condition) => JSON.stringify(condition).includes('"enum"'))).toEqual([])
  })

  it('is plain JSON of draft 7', () => {
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema)
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#')
    expect(schema.additionalProperties).toBe(false)
  })
})

describe('JSON Schema of an experiment', () => {
  const schema = experimentJsonSchema(testSchema, testRegistries.encoders.all)
  const { optimizer, loss, augment, data, model } = schema.properties as Record<string, JsonSchema>

  it('requires nothing: what is left out is inherited', () => {
    expect(schema.required).toBeUndefined()
    expect(optimizer.required).toBeUndefined()
    expect(argumentsOf(optimizer, 'name', 'AdamW').required).toBeUndefined()
  })

  it('carries defaults', () => {
    expect(data.properties?.['batch_size']).toMatchObject({ default: 8 })
    expect(loss.default).toEqual([{ name: 'CrossEntropyLoss', weight: 1 }])
    expect(schema.properties?.['extends']).toBeDefined()
  })

  it("allows a method's own arguments once it is named, and no others", () => {
    const sgd = argumentsOf(optimizer, 'name', 'SGD')
    expect(Object.keys(sgd.properties ?? {}).sort()).toEqual(['lr', 'momentum', 'name', 'weight_decay'])
    expect(sgd.additionalProperties).toBe(false)
    expect(argumentsOf(optimizer, 'name', 'AdamW').properties?.['weight_decay']).toMatchObject({ default: 0.01 })
  })

  it("allows any method's arguments where the name is inherited", () => {
    const unnamed = optimizer.allOf!.at(-1)!.else as JsonSchema
    const allowed = unnamed.anyOf!.map(({ properties }) => Object.keys(properties ?? {}))
    expect(allowed).toEqual([
      expect.arrayContaining(['beta1', 'lr']),
      expect.arrayContaining(['beta1', 'lr']),
      expect.arrayContaining(['momentum', 'lr']),
    ])
  })

  it('asks the members of lists for a name, from which a wrong one is one mistake', () => {
    const items = augment.items as JsonSchema
    expect(items.required).toEqual(['name'])
    expect(items.properties?.['name']).toMatchObject({ enum: testRegistries.transforms.names })
    expect(items.additionalProperties).toBeUndefined()
    expect(items.allOf).toHaveLength(testRegistries.transforms.names.length)
  })

  it('offers each encoder its weights without refusing others, and any where the encoder is inherited', () => {
    const offers = model.allOf!.flatMap(({ if: condition, then, else: otherwise }) => {
      const named = isSchema(condition) ? condition.properties?.['encoder_name'] : undefined
      const branch = named === undefined ? otherwise : then
      const weights = isSchema(branch) ? branch.properties?.['encoder_weights'] : undefined
      return isSchema(weights) && weights.examples !== undefined
        ? [[isSchema(named) ? named.anyOf?.map((option) => option.const) : 'inherited', weights.examples]]
        : []
    })
    expect(offers).toEqual([
      [['efficientnet-b0'], ['imagenet', 'advprop']],
      [['resnet34'], ['imagenet', 'ssl']],
      [['hrnet'], ['imagenet']],
      ['inherited', ['imagenet', 'advprop', 'ssl']],
    ])
  })

  it('writes what a method requires into its snippet, and nothing else', () => {
    const { defaultSnippets } = (experiment.properties as Record<string, JsonSchema>)['augment'].items as JsonSchema
    const snippets = defaultSnippets as readonly { readonly label: string; readonly body: unknown }[]
    const bodyOf = (name: string): unknown => snippets.find(({ label }) => label === name)?.body
    expect(bodyOf('RandomCrop')).toEqual({ name: 'RandomCrop', height: '^$1', width: '^$2' })
    expect(bodyOf('HorizontalFlip')).toEqual({ name: 'HorizontalFlip' })
    expect(bodyOf('OneOf')).toEqual({ name: 'OneOf', transforms: ['^$1'] })
  })

  it('offers inside a transform of transforms what it offers outside', () => {
    const { augment } = experiment.properties as Record<string, JsonSchema>
    const items = augment.items as JsonSchema
    const { transforms } = argumentsOf(items, 'name', 'OneOf').properties as Record<string, JsonSchema>
    expect(transforms.items).toEqual({ $ref: '#/definitions/transform' })
    const nested = (experiment.definitions as Record<string, JsonSchema>)['transform']
    expect(nested.properties?.['name']).toMatchObject({ enum: (items.properties!['name'] as JsonSchema).enum })
    expect(argumentsOf(nested, 'name', 'Sequential').properties).toHaveProperty('transforms')
  })
})

describe('JSON Schema of a project', () => {
  const { dataset, split } = project.properties as Record<string, JsonSchema>

  it('asks for data set and split only', () => {
    expect(project.required).toEqual(['dataset', 'split'])
  })

  it('asks a split for its method, and a method for what it needs', () => {
    expect(split.required).toEqual(['method'])
    expect(argumentsOf(split, 'method', 'GroupKFold').required).toEqual(['group'])
    expect(argumentsOf(split, 'method', 'KFold').required).toBeUndefined()
  })

  it('says ranges in words', () => {
    expect(dataset.properties?.['ignore_index']).toMatchObject({
      markdownDescription: expect.stringContaining('Allowed: whole number 0 … 65535 or `null`') as string,
    })
  })
})

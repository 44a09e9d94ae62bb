import type { EncoderDefinition } from './experiment.ts'
import type { JsonSchema } from './jsonSchemaType.ts'

/**
 * The section `model` with a summary of each encoder and the pretrained weights that it has. Weights are offered and not
 * enforced: what an encoder lacks is a matter of the whole lineage, and one message of it is enough.
 */
export function withEncoders(model: JsonSchema, encoders: readonly EncoderDefinition[]): JsonSchema {
  const isNamed = { required: ['encoder_name'] }
  const offers = groupsByWeights(encoders).map((group): JsonSchema => ({
    // Not an `enum`: VS Code's hover fails where one of them lacks the value that another has a summary of.
    if: { ...isNamed, properties: { encoder_name: { anyOf: group.map(({ name }) => ({ const: name })) } } },
    then: offer(group[0].weights),
  }))
  const all = new Set(encoders.flatMap(({ weights }) => weights))
  const ofAny: JsonSchema = { if: isNamed, else: offer([...all]) }
  return { ...model, allOf: [...(model.allOf ?? []).map((part) => described(part, encoders)), ...offers, ofAny] }
}

function groupsByWeights(encoders: readonly EncoderDefinition[]): readonly (readonly EncoderDefinition[])[] {
  const groups = new Map<string, EncoderDefinition[]>()
  for (const encoder of encoders) {
    const key = encoder.weights.join()
    groups.set(key, [...(groups.get(key) ?? []), encoder])
  }
  return [...groups.values()]
}

function offer(weights: readonly string[]): JsonSchema {
  return { properties: { encoder_weights: { examples: [...weights] } } }
}

/** Wherever the schema lists the encoders, their summaries beside them. */
function described(schema: JsonSchema, encoders: readonly EncoderDefinition[]): JsonSchema {
  const names = (schema.properties?.['encoder_name'] as JsonSchema | undefined)?.enum
  const branches = (['then', 'else'] as const).filter((key) => typeof schema[key] === 'object')
  return {
    ...schema,
    ...Object.fromEntries(branches.map((key) => [key, described(schema[key] as JsonSchema, encoders)])),
    ...(schema.anyOf && { anyOf: schema.anyOf.map((option) => described(option, encoders)) }),
    ...(names && {
      properties: {
        ...schema.properties,
        encoder_name: {
          ...(schema.properties?.['encoder_name'] as JsonSchema),
          enumDescriptions: names.map((name) => summaryOf(encoders.find((each) => each.name === name))),
        },
      },
    }),
  }
}

function summaryOf(encoder: EncoderDefinition | undefined): string {
  if (encoder === undefined) return ''
  const { summary, weights } = encoder
  return `${summary} ${weights.length === 0 ? 'No pretrained weights.' : `Weights: ${weights.join(', ')}.`}`
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isOperation } from '../../src/graph/program.ts'
import { input } from '../../src/graph/sources.ts'
import { size, type Tensor } from '../../src/graph/tensor.ts'
import { encoderBytes, encoderDeclarations } from '../../src/model/encoderDeclarations.ts'
import type { EncoderDefinition, OutputStride } from '../../src/model/encoders/encoder.ts'
import { encoders } from '../../src/model/encoders/registry.ts'
import { NetworkBuilder } from '../../src/model/networkBuilder.ts'
import type { NetworkMode } from '../../src/model/networkParts.ts'
import { describeWithFixtures } from '../shared.ts'

interface BuiltEncoder {
  readonly builder: NetworkBuilder
  readonly features: readonly Tensor[]
}

interface Settings {
  readonly mode?: NetworkMode
  readonly channels?: number
  readonly depth?: number
  readonly outputStride?: OutputStride
}

function built({ build }: EncoderDefinition, settings: Settings = {}): BuiltEncoder {
  const { mode = 'inference', channels = 3, depth = 5, outputStride } = settings
  const builder = new NetworkBuilder(mode)
  const image = input(builder.graph, 'image', [2, channels, 64, 64])
  return { builder, features: build(builder, image, depth, outputStride) }
}

describe.each(encoders.all)('$name', (encoder) => {
  const { builder, features } = built(encoder)

  it('halves the size five times, into the channels that it declares', () => {
    const expected = encoder.outChannels.map((channels, index) => [2, channels, 64 >> (index + 1), 64 >> (index + 1)])
    expect(features.slice(1).map(({ shape }) => shape)).toEqual(expected)
  })

  it('keeps its whole state dict at a lesser depth', () => {
    const shallow = built(encoder, { mode: 'training', depth: 3 })
    expect(shallow.features.map(({ shape }) => shape)).toEqual(features.slice(0, 4).map(({ shape }) => shape))
    expect(shallow.builder.declarations).toEqual(builder.declarations)
  })

  it('reads the image with the convolution that it names', () => {
    const stem = built(encoder, { channels: 4 }).builder.declarations.find(({ kind }) => kind === 'parameter')!
    expect(stem.key).toBe(`${encoder.keyPrefix}${encoder.stem}.weight`)
    expect(stem.shape[1]).toBe(4)
  })
})

describe.each(encoders.all.filter(({ dilates }) => dilates))('$name, dilated', (encoder) => {
  it('stops halving at the output stride, with the same weights', () => {
    const { declarations } = built(encoder).builder
    for (const outputStride of [16, 8] as const) {
      const { builder, features } = built(encoder, { outputStride })
      const expected = encoder.outChannels.map((channels, index) => {
        const side = 64 / Math.min(2 << index, outputStride)
        return [2, channels, side, side]
      })
      expect(features.slice(1).map(({ shape }) => shape)).toEqual(expected)
      expect(builder.declarations).toEqual(declarations)
    }
  })
})

interface Facts {
  readonly out_channels: readonly number[]
  readonly parameters: number
  readonly bytes_float32: number
  readonly dilated_output_strides: readonly number[]
  readonly weights: Readonly<Record<string, Readonly<Record<'hub' | 'revision' | 'mean' | 'std' | 'licence', unknown>>>>
}
interface TimmFacts {
  readonly reduction: readonly number[]
  readonly channels: readonly number[]
  readonly parameters: number
  readonly pretrained: Readonly<Record<string, readonly [hub: string, licence: string, mean: unknown, std: unknown]>>
}

describeWithFixtures('facts about encoders', 'encoder_weights.json', (file) => {
  const facts =
    file === ''
      ? { encoders: {}, tu: { encoders: {} } }
      : (JSON.parse(readFileSync(file, 'utf8')) as {
          encoders: Record<string, Facts>
          tu: { encoders: Record<string, TimmFacts> }
        })
  const parametersOf = (encoder: EncoderDefinition): number =>
    built(encoder).builder.declarations.reduce(
      (sum, { kind, shape }) => sum + (kind === 'parameter' ? size(shape) : 0),
      0,
    )

  // HRNets under timm's own names are held against the references of HRNetV2.
  it.each(encoders.all.filter(({ name }) => !/^(tu-|hrnet_)/.test(name)))('$name is as SMP has it', (encoder) => {
    const expected = facts.encoders[encoder.name]
    expect(encoder.outChannels).toEqual(expected.out_channels.slice(1))
    expect(parametersOf(encoder)).toBe(expected.parameters)
    const counters = encoderDeclarations(encoder).filter(({ kind }) => kind === 'counter').length
    expect(encoderBytes(encoder)).toBe(expected.bytes_float32 + 8 * counters)
    expect(encoder.dilates).toBe(expected.dilated_output_strides.length > 0)
    const ours = Object.entries(encoder.pretrained).map(([name, { hub, revision, mean, std, licence }]) => [
      name,
      { hub, revision, mean, std, licence },
    ])
    const theirs = Object.entries(expected.weights).map(([name, { hub, revision, mean, std, licence }]) => [
      name,
      { hub, revision, mean, std, licence },
    ])
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(theirs))
  })

  it.each(encoders.all.filter(({ name }) => name.startsWith('tu-')))('$name is as timm has it', (encoder) => {
    const expected = facts.tu.encoders[encoder.name.slice('tu-'.length)]
    const hasHalf = expected.reduction[0] === 2
    expect(encoder.outChannels).toEqual(hasHalf ? expected.channels : [0, ...expected.channels])
    expect(parametersOf(encoder)).toBe(expected.parameters)
    const theirs = Object.values(expected.pretrained)
    for (const { hub, licence, mean, std } of Object.values(encoder.pretrained))
      expect(theirs).toContainEqual(expect.arrayContaining([hub, licence?.toLowerCase(), mean, std]))
  })
})

interface PaddingTable {
  readonly convs: Readonly<Record<string, { readonly left_right_top_bottom: readonly number[] }>>
}

describeWithFixtures('static padding', 'models', (folder) => {
  const path = join(folder, 'efficientnet_static_padding.json')
  const table = folder === '' ? {} : (JSON.parse(readFileSync(path, 'utf8')) as Record<string, PaddingTable>)

  it.each(Object.keys(table).filter((name) => encoders.names.includes(name)))(
    '%s pads every convolution for its published size',
    (name) => {
      const { graph } = built(encoders.get(name)).builder
      const ours = graph.nodes.flatMap((node) => {
        if (!isOperation(node, 'conv2d') && !isOperation(node, 'depthwiseConv2d')) return []
        const [top, left, bottom, right] = node.attributes.pads
        const isWide = node.inputs[1].shape[3] > 1
        return isWide ? [[node.scope.slice('encoder.'.length), [left, right, top, bottom]]] : []
      })
      const theirs = Object.entries(table[name].convs).map(([key, row]) => [key, row.left_right_top_bottom])
      expect(ours).toEqual(theirs)
    },
  )
})

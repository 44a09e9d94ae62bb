import { activation, add } from '../../graph/elementwise.ts'
import { pixelMap, pixelRows } from '../../graph/pixels.ts'
import { featureMap, type Tensor } from '../../graph/tensor.ts'
import { constantOf, normalOfSmallDeviation } from '../initializers.ts'
import type { NetworkBuilder } from '../networkBuilder.ts'
import { layerNormOfRows } from '../normalizations.ts'
import { linear, patchConv, type Grid } from '../tokens.ts'
import { FeaturePyramid, imagenetNormalization, noArguments, weightSets, type EncoderDefinition } from './encoder.ts'

interface Row {
  readonly name: string
  /** Channels at 1/4, 1/8, 1/16, 1/32. */
  readonly widths: readonly [number, number, number, number]
  /** Blocks at each of them. */
  readonly depths: readonly [number, number, number, number]
  /** timm's default set of weights. */
  readonly tag: string
}

const rows: readonly Row[] = [
  { name: 'convnext_tiny', widths: [96, 192, 384, 768], depths: [3, 3, 9, 3], tag: 'in12k_ft_in1k' },
  { name: 'convnext_small', widths: [96, 192, 384, 768], depths: [3, 3, 27, 3], tag: 'in12k_ft_in1k' },
  { name: 'convnext_base', widths: [128, 256, 512, 1024], depths: [3, 3, 27, 3], tag: 'fb_in22k_ft_in1k' },
]

const prefix = 'encoder.model.'
const initial = normalOfSmallDeviation
const epsilon = 1e-6
const expansion = 4
/** With which a block's branch begins. */
const layerScale = constantOf(1e-6)

/** Keys of timm's `ConvNeXtBlock`. x [N·H·W, C] */
function block(builder: NetworkBuilder, x: Tensor, key: string, { batch, height, width }: Grid): Tensor {
  const [, C] = x.shape
  x.graph.scope = key
  const scale = builder.parameter(x.graph, `${key}.gamma`, [C], layerScale)
  const map = pixelMap(x, [batch, C, height, width])
  const mixed = builder.depthwise(map, `${key}.conv_dw`, { kernel: 7, bias: true, initial })
  const normalized = layerNormOfRows(builder, pixelRows(mixed), `${key}.norm`, epsilon)
  const wider = linear(builder, normalized, `${key}.mlp.fc1`, { outputs: expansion * C, initial })
  const branch = linear(builder, activation('gelu', wider), `${key}.mlp.fc2`, { outputs: C, initial, scale })
  return add(x, branch)
}

/** From the features of one stage to the first map of the next, at half the size. */
function downsample(builder: NetworkBuilder, x: Tensor, key: string, outputs: number) {
  const [batch, , height, width] = featureMap(x)
  const normalized = layerNormOfRows(builder, pixelRows(x), `${key}.0`, epsilon)
  return patchConv(builder, normalized, `${key}.1`, { outputs, extent: 2, initial }, { batch, height, width })
}

function build({ widths, depths }: Row): EncoderDefinition['build'] {
  return (builder, image, depth, outputStride) => {
    const pyramid = new FeaturePyramid(builder, image, depth, outputStride)
    const patches = { outputs: widths[0], kernel: 4, stride: 4, pads: [0, 0, 0, 0], bias: true, initial } as const
    const stem = builder.conv(pyramid.takeNone(image), `${prefix}stem_0`, patches)
    const [batch, , height, width] = featureMap(stem)
    let tokens = layerNormOfRows(builder, pixelRows(stem), `${prefix}stem_1`, epsilon)
    let grid: Grid = { batch, height, width }
    let x = stem
    depths.forEach((count, stage) => {
      const key = `${prefix}stages_${stage}`
      if (stage > 0) ({ rows: tokens, grid } = downsample(builder, x, `${key}.downsample`, widths[stage]))
      for (let index = 0; index < count; index++) tokens = block(builder, tokens, `${key}.blocks.${index}`, grid)
      x = pyramid.take(pixelMap(tokens, [grid.batch, widths[stage], grid.height, grid.width]))
    })
    return pyramid.features
  }
}

function definition(row: Row): EncoderDefinition {
  const { name, widths, tag } = row
  return {
    name: `tu-${name}`,
    summary: `ConvNeXt-${name.slice('convnext_'.length)} as SMP takes it from timm: 7×7 convolutions per channel and perceptrons, no map at 1/2.`,
    arguments: noArguments,
    keyPrefix: prefix,
    stem: 'stem_0',
    outChannels: [0, ...widths],
    ...weightSets({ imagenet: { hub: `timm/${name}.${tag}`, ...imagenetNormalization, licence: 'Apache-2.0' } }),
    classifier: ['head.', 'norm_pre.'],
    // Where timm gives features it flattens the classifier's names.
    currentKey: (key) => key.replace(/^((?:encoder\.|model\.)*)(stem|stages)\.(\d+)\./, '$1$2_$3.'),
    // timm dilates by rules of its own.
    dilates: false,
    build: build(row),
  }
}

/** ConvNeXts (Liu et al. 2022) as in timm 1.0.31. */
export const convNeXts: readonly EncoderDefinition[] = rows.map(definition)

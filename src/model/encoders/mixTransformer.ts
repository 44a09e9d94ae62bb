import { activation, add } from '../../graph/elementwise.ts'
import { pixelMap, pixelRows } from '../../graph/pixels.ts'
import { featureMap, type Tensor } from '../../graph/tensor.ts'
import { normalFanOutOfGroup, normalOfSmallDeviation, torchDefault } from '../initializers.ts'
import type { NetworkBuilder } from '../networkBuilder.ts'
import { layerNormOfRows } from '../normalizations.ts'
import { attend, linear, patchConv, splitHeads, type Grid } from '../tokens.ts'
import { FeaturePyramid, imagenetNormalization, noArguments, weightSets, type EncoderDefinition } from './encoder.ts'

interface Row {
  readonly name: string
  /** Channels at 1/4, 1/8, 1/16, 1/32. */
  readonly widths: readonly [number, number, number, number]
  /** Blocks at each of them. */
  readonly depths: readonly [number, number, number, number]
  /** Of SMP's copy of the weights. */
  readonly revision: string
}

const wide = [64, 128, 320, 512] as const
const rows: readonly Row[] = [
  {
    name: 'mit_b0',
    widths: [32, 64, 160, 256],
    depths: [2, 2, 2, 2],
    revision: '9ce53d104d92d75aabb00aae70677aaab67e7c84',
  },
  { name: 'mit_b1', widths: wide, depths: [2, 2, 2, 2], revision: 'a04bf4f13a549bce677cf79b04852e7510782817' },
  { name: 'mit_b2', widths: wide, depths: [3, 4, 6, 3], revision: '868ab6f13871dcf8c3d9f90ee4519403475b65ef' },
  { name: 'mit_b3', widths: wide, depths: [3, 4, 18, 3], revision: '32558d12a65f1daa0ebcf4f4053c4285e2c1cbda' },
  { name: 'mit_b4', widths: wide, depths: [3, 8, 27, 3], revision: '3a3454e900a4b4f11dd60eeb59101a9a1a36b017' },
  { name: 'mit_b5', widths: wide, depths: [3, 6, 40, 3], revision: 'ced04d96c586b6297fd59a7a1e244fc78fdb6531' },
]

const heads = [1, 2, 5, 8]
/** Rows and columns of the patches that become one key. */
const reductions = [8, 4, 2, 1]
const expansion = 4
/** Of the last block; those before have less, in proportion. */
const dropPathRate = 0.1
/** In blocks and after a stage; torch's own in patch embeddings and reductions. */
const epsilon = 1e-6
const torchEpsilon = 1e-5

const linearInitial = normalOfSmallDeviation
const convolutionInitial = normalFanOutOfGroup

interface Stage {
  readonly heads: number
  readonly reduction: number
}

/** Attention of every pixel over all patches of the map. x [N·L, C] */
function attention(builder: NetworkBuilder, x: Tensor, key: string, stage: Stage, grid: Grid): Tensor {
  const [, C] = x.shape
  const layer = (input: Tensor, name: string, outputs: number): Tensor =>
    linear(builder, input, `${key}.${name}`, { outputs, initial: linearInitial })
  const queries = splitHeads(layer(x, 'q', C), grid.batch, stage.heads)
  let source = x
  if (stage.reduction > 1) {
    // The state dict names them before the reduction that runs before them.
    layer(builder.placeholder([1, C]), 'kv', 2 * C)
    layer(builder.placeholder([1, C]), 'proj', C)
    const patches = { outputs: C, extent: stage.reduction, initial: convolutionInitial }
    const reduced = patchConv(builder, x, `${key}.sr`, patches, grid)
    source = layerNormOfRows(builder, reduced.rows, `${key}.norm`, torchEpsilon)
  }
  const both = layer(source, 'kv', 2 * C)
  const [keys, values] = [0, 1].map((part) =>
    splitHeads(both, grid.batch, 2 * stage.heads, part * stage.heads, stage.heads),
  )
  return layer(attend(queries, keys, values, grid.batch), 'proj', C)
}

/** A perceptron with a 3×3 convolution per channel in its middle, which tells the pixels where they are. x [N·L, C] */
function mixedPerceptron(builder: NetworkBuilder, x: Tensor, key: string, { batch, height, width }: Grid): Tensor {
  const [, C] = x.shape
  const hidden = expansion * C
  const wider = linear(builder, x, `${key}.fc1`, { outputs: hidden, initial: linearInitial })
  const settings = { kernel: 3, bias: true, initial: convolutionInitial }
  const map = builder.depthwise(pixelMap(wider, [batch, hidden, height, width]), `${key}.dwconv.dwconv`, settings)
  const activated = pixelRows(activation('gelu', map))
  return linear(builder, activated, `${key}.fc2`, { outputs: C, initial: linearInitial })
}

/** Keys of SMP's `Block`. x [N·L, C] */
function block(builder: NetworkBuilder, x: Tensor, key: string, stage: Stage, rate: number, grid: Grid): Tensor {
  const { batch } = grid
  const normalized = layerNormOfRows(builder, x, `${key}.norm1`, epsilon)
  const attended = attention(builder, normalized, `${key}.attn`, stage, grid)
  const y = add(x, builder.stochasticDepthOfRows(attended, `${key}.attn`, rate, batch))
  const mixed = mixedPerceptron(builder, layerNormOfRows(builder, y, `${key}.norm2`, epsilon), `${key}.mlp`, grid)
  return add(y, builder.stochasticDepthOfRows(mixed, `${key}.mlp`, rate, batch))
}

/** Overlapping patches as pixels of a smaller map, normalized: x [N, C, H, W] → [N·L, outputs]. */
function embedding(builder: NetworkBuilder, x: Tensor, stage: number, { widths }: Row) {
  const key = `encoder.patch_embed${stage + 1}`
  const isFirst = stage === 0
  const initial = isFirst && featureMap(x)[1] !== 3 ? torchDefault : convolutionInitial
  const patches = { outputs: widths[stage], kernel: isFirst ? 7 : 3, stride: isFirst ? 4 : 2, bias: true, initial }
  const map = builder.conv(x, `${key}.proj`, patches)
  const [batch, , height, width] = featureMap(map)
  const normalized = layerNormOfRows(builder, pixelRows(map), `${key}.norm`, torchEpsilon)
  return { rows: normalized, grid: { batch, height, width }, shape: map.shape }
}

function build(row: Row): EncoderDefinition['build'] {
  const blocks = row.depths.reduce((sum, count) => sum + count, 0)
  return (builder, image, depth, outputStride) => {
    const pyramid = new FeaturePyramid(builder, image, depth, outputStride)
    let x = pyramid.takeNone(image)
    const first = embedding(builder, x, 0, row)
    // The state dict names all embeddings before the blocks.
    for (const stage of [1, 2, 3]) embedding(builder, builder.placeholder([1, row.widths[stage - 1], 8, 8]), stage, row)
    let before = 0
    row.depths.forEach((count, stage) => {
      pyramid.enter(4 << stage)
      const { rows: embedded, grid, shape } = stage === 0 ? first : embedding(builder, x, stage, row)
      const settings = { heads: heads[stage], reduction: reductions[stage] }
      let tokens = embedded
      for (let index = 0; index < count; index++) {
        const rate = (dropPathRate * (before + index)) / (blocks - 1)
        tokens = block(builder, tokens, `encoder.block${stage + 1}.${index}`, settings, rate, grid)
      }
      before += count
      x = pyramid.take(pixelMap(layerNormOfRows(builder, tokens, `encoder.norm${stage + 1}`, epsilon), shape))
    })
    return pyramid.features
  }
}

function definition(row: Row): EncoderDefinition {
  const { name, widths, revision } = row
  const licence = 'NVIDIA Source Code License (non-commercial)'
  return {
    name,
    summary: `Mix Transformer ${name.slice('mit_'.length).toUpperCase()}, the encoder of SegFormer: attention on four scales, none at 1/2.`,
    arguments: noArguments,
    keyPrefix: 'encoder.',
    stem: 'patch_embed1.proj',
    outChannels: [0, ...widths],
    ...weightSets({ imagenet: { hub: `smp-hub/${name}.imagenet`, revision, ...imagenetNormalization, licence } }),
    classifier: ['head.'],
    dilates: true,
    isUsedWhole: true,
    build: build(row),
  }
}

/** The Mix Transformers of SegFormer (Xie et al. 2021) as in segmentation_models_pytorch 0.6.0. */
export const mixTransformers: readonly EncoderDefinition[] = rows.map(definition)

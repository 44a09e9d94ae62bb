import { samePadding } from '../../graph/convolution.ts'
import { activation, add } from '../../graph/elementwise.ts'
import type { Pads } from '../../graph/operations.ts'
import { featureMap, type Tensor } from '../../graph/tensor.ts'
import { torchDefault } from '../initializers.ts'
import type { NetworkBuilder } from '../networkBuilder.ts'
import {
  headChannels,
  scaleChannels,
  scaleStages,
  squeezeRatio,
  stemChannels,
  type Stage,
} from './efficientNetScaling.ts'
import {
  FeaturePyramid,
  halfNormalization,
  imagenetNormalization,
  noArguments,
  weightSets,
  type EncoderDefinition,
} from './encoder.ts'
import { squeezeExcite } from './squeezeExcitation.ts'

interface Row {
  readonly name: string
  readonly width: number
  readonly depth: number
  /** Published input size: the SAME padding of every convolution is computed for it, whatever the input. */
  readonly imageSize: number
  /** Blocks whose outputs are the features at 1/4 … 1/32. */
  readonly featureBlocks: readonly number[]
  readonly revisions: { readonly imagenet: string; readonly advprop: string }
}

// In b0 the feature at 1/16 is the first block of its stage, not the last: segmentation_models_pytorch counts so.
const rows: readonly Row[] = [
  {
    name: 'efficientnet-b0',
    width: 1.0,
    depth: 1.0,
    imageSize: 224,
    featureBlocks: [2, 4, 8, 15],
    revisions: {
      imagenet: '1bbe7ecc1d5ea1d2058de1a2db063b8701aff314',
      advprop: '29043c08140d9c6ee7de1468d55923f2b06bcec2',
    },
  },
  {
    name: 'efficientnet-b1',
    width: 1.0,
    depth: 1.1,
    imageSize: 240,
    featureBlocks: [4, 7, 15, 22],
    revisions: {
      imagenet: '5d637466a5215de300a8ccb13a39357df2df2bf4',
      advprop: '2e518b8b0955bbab467f50525578dab6b6086afc',
    },
  },
  {
    name: 'efficientnet-b2',
    width: 1.1,
    depth: 1.2,
    imageSize: 260,
    featureBlocks: [4, 7, 15, 22],
    revisions: {
      imagenet: 'a96d4f0295ffbae18ebba173bf7f3c0c8f21990e',
      advprop: 'be788c20dfb0bbe83b4c439f9cfe0dd937c0783e',
    },
  },
  {
    name: 'efficientnet-b3',
    width: 1.2,
    depth: 1.4,
    imageSize: 300,
    featureBlocks: [4, 7, 17, 25],
    revisions: {
      imagenet: '074c54a6c473e0d294690d49cedb6cf463e7127d',
      advprop: '9ccc166d87bd9c08d6bed4477638c7f4bb3eec78',
    },
  },
  {
    name: 'efficientnet-b4',
    width: 1.4,
    depth: 1.8,
    imageSize: 380,
    featureBlocks: [5, 9, 21, 31],
    revisions: {
      imagenet: '05cd5dde5dab658f00c463f9b9aa0ced76784f40',
      advprop: 'f04caa809ea4eb08ee9e7fd555f5514ebe2a9ef5',
    },
  },
  {
    name: 'efficientnet-b5',
    width: 1.6,
    depth: 2.2,
    imageSize: 456,
    featureBlocks: [7, 12, 26, 38],
    revisions: {
      imagenet: '69f4d28460a4e421b7860bc26ee7d832e03e01ca',
      advprop: 'dabe78fc8ab7ce93ddc2bb156b01db227caede88',
    },
  },
  {
    name: 'efficientnet-b6',
    width: 1.8,
    depth: 2.6,
    imageSize: 528,
    featureBlocks: [8, 14, 30, 44],
    revisions: {
      imagenet: '8570752016f7c62ae149cffa058550fe44e21c8b',
      advprop: 'c2dbb4d1359151165ec7b96cfe54a9cac2142a31',
    },
  },
  {
    name: 'efficientnet-b7',
    width: 2.0,
    depth: 3.1,
    imageSize: 600,
    featureBlocks: [10, 17, 37, 54],
    revisions: {
      imagenet: '5a5dbe687d612ebc3dca248274fd1191111deda6',
      advprop: 'ce33edb4e80c0cde268f098ae2299e23f615577d',
    },
  },
]

const norm = { epsilon: 1e-3, momentum: 0.01 }
const dropConnectRate = 0.2

/** SAME padding for a fixed size, and the size that is left. */
class StaticPadding {
  private size: number

  constructor(imageSize: number) {
    this.size = imageSize
  }

  next(kernel: number, stride: number): Pads {
    const [before, after] = samePadding(this.size, kernel, stride)
    this.size = Math.ceil(this.size / stride)
    return [before, before, after, after]
  }
}

interface Block extends Omit<Stage, 'repeats'> {
  readonly key: string
  readonly pads: Pads
  readonly dropRate: number
}

/** Mobile inverted bottleneck with squeeze and excitation. */
function invertedBottleneck(builder: NetworkBuilder, input: Tensor, block: Block): Tensor {
  const { key, kernel, stride, pads, expansion, channels } = block
  const inputs = featureMap(input)[1]
  let x = input
  if (expansion !== 1) {
    x = builder.conv(x, `${key}._expand_conv`, { outputs: inputs * expansion, kernel: 1, initial: torchDefault })
    x = activation('silu', builder.batchNorm(x, `${key}._bn0`, norm))
  }
  x = builder.depthwise(x, `${key}._depthwise_conv`, { kernel, stride, pads, initial: torchDefault })
  x = activation('silu', builder.batchNorm(x, `${key}._bn1`, norm))
  x = squeezeExcite(builder, x, {
    reduceKey: `${key}._se_reduce`,
    expandKey: `${key}._se_expand`,
    squeezed: Math.max(1, Math.floor(inputs * squeezeRatio)),
    activation: 'silu',
    initial: torchDefault,
  })
  x = builder.conv(x, `${key}._project_conv`, { outputs: channels, kernel: 1, initial: torchDefault })
  x = builder.batchNorm(x, `${key}._bn2`, norm)
  return stride === 1 && channels === inputs ? add(builder.stochasticDepth(x, key, block.dropRate), input) : x
}

function build({ width, depth: depthFactor, imageSize, featureBlocks }: Row): EncoderDefinition['build'] {
  return (builder, image, depth, outputStride) => {
    const pyramid = new FeaturePyramid(builder, image, depth, outputStride)
    const padding = new StaticPadding(imageSize)
    const stem = { kernel: 3, stride: 2, pads: padding.next(3, 2), initial: torchDefault }
    let x = builder.conv(image, 'encoder._conv_stem', { ...stem, outputs: scaleChannels(stemChannels, width) })
    x = pyramid.take(activation('silu', builder.batchNorm(x, 'encoder._bn0', norm)))

    const blocks = scaleStages(width, depthFactor).flatMap(({ repeats, stride, ...stage }) =>
      Array.from({ length: repeats }, (_, index) => ({ ...stage, stride: index === 0 ? stride : (1 as const) })),
    )
    blocks.forEach((block, index) => {
      // A stage ends where a feature is taken; in b0 that is inside one of the network's own stages.
      const stage = featureBlocks.findIndex((last) => index <= last)
      pyramid.enter(4 << (stage < 0 ? featureBlocks.length - 1 : stage))
      const pads = padding.next(block.kernel, block.stride)
      const dropRate = (dropConnectRate * index) / blocks.length
      x = invertedBottleneck(builder, x, { ...block, key: `encoder._blocks.${index}`, pads, dropRate })
      if (featureBlocks.includes(index)) x = pyramid.take(x)
    })

    const unused = builder.placeholder(x.shape)
    const head = { outputs: scaleChannels(headChannels, width), kernel: 1, initial: torchDefault }
    builder.batchNorm(builder.conv(unused, 'encoder._conv_head', head), 'encoder._bn1', norm)
    return pyramid.features
  }
}

function definition(row: Row): EncoderDefinition {
  const { name, width, revisions } = row
  const hub = (weights: string): string => `smp-hub/${name}.${weights}`
  const licence = 'Apache-2.0'
  return {
    name,
    summary: `EfficientNet-${name.slice(-2).toUpperCase()} as SMP builds it: padding fixed for ${row.imageSize} pixels.`,
    arguments: noArguments,
    keyPrefix: 'encoder.',
    stem: '_conv_stem',
    outChannels: [stemChannels, 24, 40, 112, 320].map((channels) => scaleChannels(channels, width)),
    ...weightSets({
      imagenet: { hub: hub('imagenet'), revision: revisions.imagenet, ...imagenetNormalization, licence },
      advprop: { hub: hub('advprop'), revision: revisions.advprop, ...halfNormalization, licence },
    }),
    classifier: ['_fc.'],
    dilates: true,
    build: build(row),
  }
}

/** EfficientNet b0 … b7 of segmentation_models_pytorch's own implementation (Tan & Le 2019). */
export const efficientNets: readonly EncoderDefinition[] = rows.map(definition)

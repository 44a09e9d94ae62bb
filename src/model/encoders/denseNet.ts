import { concatChannels } from '../../graph/channels.ts'
import { activation, multiply } from '../../graph/elementwise.ts'
import { maxPool2d } from '../../graph/pooling.ts'
import { featureMap, type Tensor } from '../../graph/tensor.ts'
import { kaimingNormalFanIn, torchDefault } from '../initializers.ts'
import type { NetworkBuilder } from '../networkBuilder.ts'
import { torchBatchNorm } from '../networkParts.ts'
import { FeaturePyramid, imagenetNormalization, noArguments, weightSets, type EncoderDefinition } from './encoder.ts'

interface Row {
  readonly name: string
  readonly stem: number
  /** Channels that every layer adds. */
  readonly growth: number
  /** Layers of each dense block. */
  readonly layers: readonly [number, number, number, number]
  readonly revision: string
}

const rows: readonly Row[] = [
  {
    name: 'densenet121',
    stem: 64,
    growth: 32,
    layers: [6, 12, 24, 16],
    revision: 'a17c96896a265b61338f66f61d3887b24f61995a',
  },
  {
    name: 'densenet169',
    stem: 64,
    growth: 32,
    layers: [6, 12, 32, 32],
    revision: '8facfba9fc72f7750879dac9ac6ceb3ab990de8d',
  },
  {
    name: 'densenet201',
    stem: 64,
    growth: 32,
    layers: [6, 12, 48, 32],
    revision: 'ed5deb355d71659391d46fae5e7587460fbb5f84',
  },
  {
    name: 'densenet161',
    stem: 96,
    growth: 48,
    layers: [6, 12, 36, 24],
    revision: '9afe0fec51ab2a627141769d97d6f83756d78446',
  },
]

const initial = kaimingNormalFanIn
/** Channels of a layer's 1×1 convolution, per channel that it adds. */
const bottleneck = 4

function normReLU(builder: NetworkBuilder, x: Tensor, key: string): Tensor {
  return activation('relu', builder.batchNorm(x, key, torchBatchNorm))
}

/** What came in, and beside it what every layer made of all that was there before it. */
function denseBlock(builder: NetworkBuilder, input: Tensor, key: string, layers: number, growth: number): Tensor {
  let x = input
  for (let layer = 1; layer <= layers; layer++) {
    const base = `${key}.denselayer${layer}`
    const narrow = { outputs: bottleneck * growth, kernel: 1, initial }
    const squeezed = builder.conv(normReLU(builder, x, `${base}.norm1`), `${base}.conv1`, narrow)
    const wide = { outputs: growth, kernel: 3, initial }
    x = concatChannels([x, builder.conv(normReLU(builder, squeezed, `${base}.norm2`), `${base}.conv2`, wide)])
  }
  return x
}

/** Means of 2×2 pixels. */
function averagePool2x(x: Tensor): Tensor {
  const [N, C, H, W] = featureMap(x)
  return multiply(x.graph.emit('sumPool2x', [x], {}, [{ shape: [N, C, H / 2, W / 2] }])[0], 1 / 4)
}

function build({ stem, growth, layers }: Row): EncoderDefinition['build'] {
  return (builder, image, depth) => {
    const pyramid = new FeaturePyramid(builder, image, depth)
    const first = featureMap(image)[1] === 3 ? initial : torchDefault
    let x = builder.conv(image, 'encoder.features.conv0', { outputs: stem, kernel: 7, stride: 2, initial: first })
    x = pyramid.take(normReLU(builder, x, 'encoder.features.norm0'))
    x = maxPool2d(x, { kernel: 3, stride: 2, pad: 1 })
    layers.forEach((count, block) => {
      x = denseBlock(builder, x, `encoder.features.denseblock${block + 1}`, count, growth)
      if (block === layers.length - 1) return
      const key = `encoder.features.transition${block + 1}`
      x = pyramid.take(normReLU(builder, x, `${key}.norm`))
      const outputs = Math.floor(featureMap(x)[1] / 2)
      x = averagePool2x(builder.conv(x, `${key}.conv`, { outputs, kernel: 1, initial }))
    })
    pyramid.take(builder.batchNorm(x, 'encoder.features.norm5', torchBatchNorm))
    return pyramid.features
  }
}

/** Channels after each dense block; a transition halves them. */
function outChannels({ stem, growth, layers }: Row): readonly number[] {
  let channels = stem
  return [
    stem,
    ...layers.map((count, block) => {
      channels = (block === 0 ? channels : Math.floor(channels / 2)) + count * growth
      return channels
    }),
  ]
}

function definition(row: Row): EncoderDefinition {
  const { name, revision } = row
  return {
    name,
    summary: `DenseNet-${name.slice('densenet'.length)} of torchvision: every layer reads all before it.`,
    arguments: noArguments,
    keyPrefix: 'encoder.',
    stem: 'features.conv0',
    outChannels: outChannels(row),
    ...weightSets({
      imagenet: {
        hub: `smp-hub/${name}.imagenet`,
        revision,
        ...imagenetNormalization,
        licence: 'BSD-3-Clause (torchvision)',
      },
    }),
    classifier: ['classifier.'],
    // torchvision's published files have the names of 2017 (torchvision 0.27, models/densenet.py, _load_state_dict).
    currentKey: (key) => key.replace(/(\.denselayer\d+\.(?:norm|conv))\.([12])\./, '$1$2.'),
    dilates: false,
    needsDivisibleSize: true,
    build: build(row),
  }
}

/** DenseNets of torchvision (Huang et al. 2017). */
export const denseNets: readonly EncoderDefinition[] = rows.map(definition)

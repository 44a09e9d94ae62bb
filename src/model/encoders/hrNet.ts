import { activation } from '../../graph/elementwise.ts'
import type { Tensor } from '../../graph/tensor.ts'
import type { NetworkBuilder } from '../networkBuilder.ts'
import { imagenetNormalization, noArguments, weightSets, type EncoderDefinition } from './encoder.ts'
import { convNorm, highResolutionModule, transition } from './hrNetStages.ts'
import { residualBlock } from './residualBlock.ts'

interface Row {
  readonly name: string
  /** Channels at 1/4; each halving of the size doubles them. */
  readonly width: number
  /** Bottlenecks at 1/4 before the branches, and their width. */
  readonly bottlenecks: readonly [count: number, width: number]
  /** Modules of the stages with two, three and four maps. */
  readonly modules: readonly [number, number, number]
  /** Residual blocks on each map of a module. */
  readonly blocks: number
  /** timm's sets of weights: its default is called `imagenet` here, others by timm's own tag. */
  readonly tags: readonly [defaultTag: Tag, ...others: Tag[]]
}

/** A few sets of timm, and who trained them. */
type Tag = keyof typeof licences
const licences = { ms_in1k: 'MIT', ms_aug_in1k: 'MIT', gluon_in1k: 'Apache-2.0' } as const

const whole = { bottlenecks: [4, 64], modules: [1, 4, 3], blocks: 4 } as const

const rows: readonly Row[] = [
  {
    name: 'hrnet_w18_small',
    width: 16,
    bottlenecks: [1, 32],
    modules: [1, 1, 1],
    blocks: 2,
    tags: ['gluon_in1k', 'ms_in1k'],
  },
  {
    name: 'hrnet_w18_small_v2',
    width: 18,
    bottlenecks: [2, 64],
    modules: [1, 3, 2],
    blocks: 2,
    tags: ['gluon_in1k', 'ms_in1k'],
  },
  { name: 'hrnet_w18', width: 18, ...whole, tags: ['ms_aug_in1k', 'ms_in1k'] },
  { name: 'hrnet_w30', width: 30, ...whole, tags: ['ms_in1k'] },
  { name: 'hrnet_w32', width: 32, ...whole, tags: ['ms_in1k'] },
  { name: 'hrnet_w40', width: 40, ...whole, tags: ['ms_in1k'] },
  { name: 'hrnet_w44', width: 44, ...whole, tags: ['ms_in1k'] },
  { name: 'hrnet_w48', width: 48, ...whole, tags: ['ms_in1k'] },
  { name: 'hrnet_w64', width: 64, ...whole, tags: ['ms_in1k'] },
]

const stemChannels = 64
/** Widths of the bottlenecks that the classifier puts on the four maps. */
const headWidths = [32, 64, 128, 256]

/** The stem's map at 1/2 and the four maps of the last stage. All maps are computed, however few of them are wanted. */
function highResolutionMaps(builder: NetworkBuilder, image: Tensor, prefix: string, row: Row): readonly Tensor[] {
  const stem = { outputs: stemChannels, kernel: 3, stride: 2 }
  const half = activation('relu', convNorm(builder, image, [`${prefix}conv1`, `${prefix}bn1`], stem))
  let x = activation('relu', convNorm(builder, half, [`${prefix}conv2`, `${prefix}bn2`], stem))
  const [bottlenecks, bottleneckWidth] = row.bottlenecks
  const bottleneck = { block: 'bottleneck', width: bottleneckWidth, stride: 1 } as const
  for (let index = 0; index < bottlenecks; index++)
    x = residualBlock(builder, x, `${prefix}layer1.${index}`, bottleneck)

  let maps: readonly Tensor[] = [x]
  row.modules.forEach((modules, stage) => {
    const widths = Array.from({ length: stage + 2 }, (_, level) => row.width << level)
    maps = transition(builder, maps, `${prefix}transition${stage + 1}`, widths)
    for (let index = 0; index < modules; index++)
      maps = highResolutionModule(builder, maps, `${prefix}stage${stage + 2}.${index}`, row.blocks)
  })
  return [half, ...maps]
}

/** The library's classifier without what lies behind the features. */
const dropped = ['downsamp_modules.', 'final_layer.', 'classifier.']

function definition(
  row: Row,
  variant: Pick<EncoderDefinition, 'name' | 'summary' | 'keyPrefix' | 'outChannels' | 'classifier' | 'build'>,
): EncoderDefinition {
  const sets = row.tags.map((tag, index) => {
    const hub = `timm/${row.name}.${tag}`
    return [index === 0 ? 'imagenet' : tag, { hub, ...imagenetNormalization, licence: licences[tag] }] as const
  })
  return {
    ...variant,
    arguments: noArguments,
    stem: 'conv1',
    ...weightSets(Object.fromEntries(sets)),
    dilates: false,
    needsDivisibleSize: true,
  }
}

/** As SMP takes it from timm: the maps that the classifier sees. */
function timm(row: Row): EncoderDefinition {
  const prefix = 'encoder.model.'
  return definition(row, {
    name: `tu-${row.name}`,
    summary: `HRNet (${row.name}) as SMP takes it from timm: four resolutions, widened as before the classifier.`,
    keyPrefix: prefix,
    outChannels: [stemChannels, ...headWidths.map((width) => 4 * width)],
    classifier: dropped,
    build: (builder, image, depth) => {
      const [half, ...maps] = highResolutionMaps(builder, image, prefix, row)
      const wide = maps.map((map, index) => {
        const settings = { block: 'bottleneck', width: headWidths[index], stride: 1 } as const
        return residualBlock(builder, map, `${prefix}incre_modules.${index}.0`, settings)
      })
      return [image, half, ...wide].slice(0, depth + 1)
    },
  })
}

/** The four maps as they are, as HRNetV2 joins them. */
function plain(row: Row): EncoderDefinition {
  const prefix = 'encoder.'
  return definition(row, {
    name: row.name,
    summary: `HRNet (${row.name}): four resolutions side by side, ${row.width} channels at a quarter of the size.`,
    keyPrefix: prefix,
    outChannels: [stemChannels, ...[0, 1, 2, 3].map((level) => row.width << level)],
    classifier: ['incre_modules.', ...dropped],
    build: (builder, image, depth) => [image, ...highResolutionMaps(builder, image, prefix, row)].slice(0, depth + 1),
  })
}

/** High-resolution networks (Wang et al. 2020). */
export const hrNets: readonly EncoderDefinition[] = [...rows.map(timm), ...rows.map(plain)]

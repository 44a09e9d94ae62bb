import { concatChannels } from '../../graph/channels.ts'
import { featureMap, type Tensor } from '../../graph/tensor.ts'
import type { NetworkBuilder } from '../networkBuilder.ts'
import type { ArchitectureDefinition } from './architecture.ts'
import { segmentationHead } from './segmentationHead.ts'
import { mapSupervision, supervisionWeights } from './deepSupervision.ts'
import { centerBlock, decoderBlock, hasCenterBlock, unetArguments, type DecoderBlock } from './unetBlock.ts'

const unetPlusPlusArguments = unetArguments
  .safeExtend({
    deep_supervision: supervisionWeights('those of x_0_1, x_0_2 … of the paper, the nodes of half the size'),
  })
  .refine(({ deep_supervision: weights, encoder_depth }) => weights === null || weights.length === encoder_depth - 2, {
    path: ['deep_supervision'],
    message: 'needs a weight for each node of half the size before the last: encoder_depth − 2.',
    params: { allowed: 'as many numbers as encoder_depth − 2, e.g. [1, 1, 1] with a depth of 5, or null' },
  })

type Style = Omit<DecoderBlock, 'key' | 'channels'>

/** The nodes x_{d, l} of the nested decoder: layer l enlarges to the size of skip l, d counts the detours left out. */
class NestedDecoder {
  private readonly builder: NetworkBuilder
  /** The encoder's features, the deepest first. */
  private readonly features: readonly Tensor[]
  private readonly channels: readonly number[]
  private readonly style: Style
  private readonly nodes = new Map<string, Tensor>()

  constructor(builder: NetworkBuilder, features: readonly Tensor[], channels: readonly number[], style: Style) {
    this.builder = builder
    this.features = features
    this.channels = channels
    this.style = style
  }

  node(detours: number, layer: number): Tensor {
    const made = this.nodes.get(`${detours} ${layer}`)
    if (made === undefined) throw new Error(`x_${detours}_${layer} is read before it is made`)
    return made
  }

  /** One layer: every node reads those beside it with more detours, but the state dict names them the other way round. */
  addLayer(layer: number): void {
    for (let detours = 0; detours <= layer; detours++) this.declare(detours, layer)
    for (let detours = layer; detours >= 0; detours--) {
      const below = detours === layer ? this.features[layer] : this.node(detours, layer - 1)
      const beside = Array.from({ length: layer - detours }, (_, index) => this.node(detours + 1 + index, layer))
      const skip = concatChannels([...beside, this.features[layer + 1]])
      this.nodes.set(`${detours} ${layer}`, this.block(detours, layer, below, skip))
    }
  }

  /** The last block, to the size of the image, without a skip. */
  last(image: Tensor): Tensor {
    const layer = this.channels.length - 1
    const block = { ...this.style, key: `decoder.blocks.x_0_${layer}`, channels: this.channels[layer] }
    return decoderBlock(this.builder, this.node(0, layer - 1), image, undefined, block)
  }

  private declare(detours: number, layer: number): void {
    const [N, C, H, W] = featureMap(this.features[layer + 1])
    const below = detours === layer ? this.features[layer] : this.node(detours, layer - 1)
    const skip = this.builder.placeholder([N, C * (layer + 1 - detours), H, W])
    this.block(detours, layer, this.builder.placeholder(below.shape), skip)
  }

  private block(detours: number, layer: number, below: Tensor, skip: Tensor): Tensor {
    const channels = detours === 0 ? this.channels[layer] : featureMap(this.features[layer + 1])[1]
    const key = `decoder.blocks.x_${detours}_${layer}`
    return decoderBlock(this.builder, below, skip, skip, { ...this.style, key, channels })
  }
}

/** U-Net++ (Zhou et al. 2018) as in segmentation_models_pytorch 0.6.0. */
export const unetPlusPlus: ArchitectureDefinition = {
  name: 'UnetPlusPlus',
  summary: 'U-Net++: a U-Net whose skips pass through nested, densely joined decoder blocks.',
  arguments: unetPlusPlusArguments,
  needsDivisibleSize: true,
  needsHalf: () => true,
  build: (builder, [image, ...features], config, classes) => {
    const options = unetPlusPlusArguments.parse(config)
    const { decoder_channels, decoder_interpolation: mode, decoder_attention_type } = options
    const style = { mode, hasAttention: decoder_attention_type === 'scse' }
    // SMP keeps the block and does not run it.
    if (hasCenterBlock(config)) centerBlock(builder, builder.placeholder(features.at(-1)!.shape), 'decoder.center')
    const decoder = new NestedDecoder(builder, features.toReversed(), decoder_channels, style)
    for (let layer = 0; layer < features.length - 1; layer++) decoder.addLayer(layer)
    const logits = segmentationHead(builder, decoder.last(image), { classes, kernel: 3, upsampling: 1 })
    // SMP names its nodes by detours left out, the paper by those taken.
    const finest = features.length - 2
    options.deep_supervision?.forEach((weight, index) => {
      const head = { name: `x_0_${index + 1}`, weight }
      mapSupervision(builder, decoder.node(finest - index, finest), image, classes, head)
    })
    return logits
  },
}

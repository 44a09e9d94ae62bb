import type { ArchitectureDefinition } from './architecture.ts'
import { segmentationHead } from './segmentationHead.ts'
import { centerBlock, decoderBlock, hasCenterBlock, unetArguments } from './unetBlock.ts'

/** U-Net (Ronneberger et al. 2015) as in segmentation_models_pytorch 0.6.0; any input size. */
export const unet: ArchitectureDefinition = {
  name: 'Unet',
  summary: 'U-Net: each decoder block doubles the size, joins the encoder’s feature of that size and convolves twice.',
  arguments: unetArguments,
  needsDivisibleSize: false,
  build: (builder, features, config, classes) => {
    const { decoder_channels, decoder_interpolation: mode, decoder_attention_type } = unetArguments.parse(config)
    const hasAttention = decoder_attention_type === 'scse'
    let x = features.at(-1)!
    if (hasCenterBlock(config)) x = centerBlock(builder, x, 'decoder.center')
    decoder_channels.forEach((channels, index) => {
      const target = features.at(-2 - index)!
      const isLast = index === decoder_channels.length - 1
      const block = { key: `decoder.blocks.${index}`, channels, mode, hasAttention }
      x = decoderBlock(builder, x, target, isLast ? undefined : target, block)
    })
    return segmentationHead(builder, x, { classes, kernel: 3, upsampling: 1 })
  },
}

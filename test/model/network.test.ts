import { describe, expect, it } from 'vitest'
import { UserError } from '../../src/core/errors.ts'
import type { ModelConfig } from '../../src/core/experiment.ts'
import { isOperation } from '../../src/graph/program.ts'
import { misfitOf } from '../../src/model/combination.ts'
import { architectures } from '../../src/model/decoders/registry.ts'
import { buildNetwork, type NetworkOptions } from '../../src/model/network.ts'

const baseline: ModelConfig = {
  arch: 'Unet',
  encoder_name: 'resnet18',
  encoder_weights: null,
  encoder_depth: 5,
  in_channels: 3,
}
const options: NetworkOptions = { mode: 'training', batch: 2, height: 64, width: 64, classes: 4 }

function details(run: () => unknown): UserError['details'] {
  try {
    run()
  } catch (error) {
    if (error instanceof UserError) return error.details
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('buildNetwork', () => {
  it('gives logits of the image’s size, also where it does not divide by 32', () => {
    const names = ['resnet18', 'efficientnet-b0', 'tu-tf_efficientnet_lite0', 'mobilenet_v2', 'mit_b0', 'tu-convnext_tiny'] // prettier-ignore
    for (const [height, width] of [
      [64, 64],
      [75, 50],
      [33, 97],
    ] as const)
      for (const encoder_name of names) {
        const { logits } = buildNetwork({ ...baseline, encoder_name }, { ...options, height, width })
        expect(logits.shape).toEqual([2, 4, height, width])
      }
  })

  it('says where the encoder takes no such size', () => {
    const config = { ...baseline, encoder_name: 'tu-hrnet_w18_small' }
    expect(buildNetwork(config, options).logits.shape).toEqual([2, 4, 64, 64])
    expect(details(() => buildNetwork(config, { ...options, width: 70 })).code).toBe('size-not-divisible')
  })

  it('takes depths of 3 to 5', () => {
    for (const encoder_depth of [3, 4, 5]) {
      const decoder_channels = [64, 32, 16, 8, 8].slice(0, encoder_depth)
      const { logits, features } = buildNetwork({ ...baseline, encoder_depth, decoder_channels }, options)
      expect(features).toHaveLength(encoder_depth + 1)
      expect(logits.shape).toEqual([2, 4, 64, 64])
    }
  })

  it('says which names exist and which was probably meant', () => {
    const encoder = details(() => buildNetwork({ ...baseline, encoder_name: 'resnet-18' }, options))
    expect(encoder.hint).toContain('resnet18')
    expect(encoder.allowed).toContain('mobilenet_v2')
    const architecture = details(() => buildNetwork({ ...baseline, arch: 'UNet' }, options))
    expect(architecture.hint).toContain('Unet')
  })

  it('refuses to train BatchNorm on one value per channel', () => {
    const one = { ...options, batch: 1, height: 32, width: 32 }
    expect(details(() => buildNetwork(baseline, one)).code).toBe('one-value-per-channel')
    expect(() => buildNetwork(baseline, { ...one, mode: 'inference' })).not.toThrow()
  })

  it.each([
    {
      arch: 'Unet',
      encoder_name: 'mit_b0',
      encoder_depth: 4,
      decoder_channels: [32, 16, 8, 8],
      says: 'all of its stages',
    },
    { arch: 'PSPNet', encoder_name: 'mit_b2', encoder_depth: 3, says: 'all of its stages' },
    { arch: 'Linknet', encoder_name: 'mit_b0', encoder_depth: 5, says: 'reads features at half' },
    { arch: 'UnetPlusPlus', encoder_name: 'mit_b1', encoder_depth: 5, says: 'reads features at half' },
    { arch: 'MAnet', encoder_name: 'tu-convnext_tiny', encoder_depth: 5, says: 'reads features at half' },
    { arch: 'FPN', encoder_name: 'tu-convnext_tiny', encoder_depth: 4, says: 'reads features at half' },
    { arch: 'Segformer', encoder_name: 'tu-convnext_tiny', encoder_depth: 4, says: 'joins 4 scales' },
  ])('refuses $arch over $encoder_name at depth $encoder_depth', ({ says, ...config }) => {
    const build = (): unknown => buildNetwork({ ...baseline, ...config }, options)
    expect(build).toThrow(says)
    expect(details(build)).toMatchObject({ code: 'encoder-does-not-fit' })
    expect(misfitOf({ ...baseline, ...config })?.message).toContain(says)
  })

  it.each(['Unet', 'FPN', 'PSPNet', 'UPerNet', 'DeepLabV3Plus', 'Segformer', 'HRNetV2'])(
    'takes an encoder without a map at half the size: %s',
    (arch) => {
      for (const encoder_name of ['mit_b0', 'tu-convnext_tiny']) {
        const own = architectures.get(arch).arguments.parse({ encoder_depth: 5 })
        const config = { ...baseline, ...own, arch, encoder_name }
        if (arch === 'DeepLabV3Plus' && encoder_name !== 'mit_b0') continue
        const { logits } = buildNetwork(config, { ...options, height: 128, width: 128 })
        expect(logits.shape.slice(0, 2)).toEqual([2, 4])
      }
    },
  )

  it('drops the branches of a Mix Transformer, the later the likelier', () => {
    const config = { ...baseline, arch: 'Segformer', encoder_name: 'mit_b0' }
    const { randomInputs } = buildNetwork(config, options)
    // Two branches in each of eight blocks, of which the first is never dropped.
    expect(randomInputs).toHaveLength(14)
    expect(randomInputs.map(({ rate }) => rate)).toEqual(randomInputs.map(({ rate }) => rate).toSorted((a, b) => a - b))
    expect(randomInputs.at(-1)).toEqual({ name: 'drop/encoder.block4.1.mlp', rate: 0.1, valuesPerImage: 1 })
    expect(buildNetwork(config, { ...options, mode: 'inference' }).randomInputs).toEqual([])
  })

  it('updates the running statistics of what runs, in training only', () => {
    const network = buildNetwork({ ...baseline, encoder_depth: 4, decoder_channels: [64, 32, 16, 8] }, options)
    const buffers = network.declarations.filter(({ kind }) => kind === 'buffer').map(({ key }) => key)
    expect([...network.updates.keys()]).toEqual(buffers.filter((key) => !key.startsWith('encoder.layer4.')))
    expect(buildNetwork(baseline, { ...options, mode: 'inference' }).updates.size).toBe(0)
  })

  it('asks for randomness per image where a branch may be dropped', () => {
    const config = { ...baseline, encoder_name: 'efficientnet-b0' }
    const { randomInputs, graph } = buildNetwork(config, options)
    const shapes = new Map(
      graph.nodes.flatMap((node) =>
        isOperation(node, 'input') ? [[node.attributes.name, node.outputs[0].shape]] : [],
      ),
    )
    expect(randomInputs.length).toBeGreaterThan(0)
    for (const { name, rate } of randomInputs) {
      expect(shapes.get(name)).toEqual([options.batch])
      expect(rate).toBeGreaterThan(0)
      expect(rate).toBeLessThan(0.2)
    }
    expect(buildNetwork(config, { ...options, mode: 'inference' }).randomInputs).toEqual([])
  })

  it('declares the same state dict in training and inference', () => {
    const config = { ...baseline, decoder_attention_type: 'scse' }
    const [training, inference] = (['training', 'inference'] as const).map((mode) =>
      buildNetwork(config, { ...options, mode }),
    )
    expect(inference.declarations).toEqual(training.declarations)
  })
})

/** The defaults of segmentation_models_pytorch 0.6.0; ours has no say over activations, and over norms only in their place. */
const defaults: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  Unet: {
    encoder_depth: 5,
    decoder_channels: [256, 128, 64, 32, 16],
    decoder_interpolation: 'nearest',
    decoder_attention_type: null,
  },
  UnetPlusPlus: {
    encoder_depth: 5,
    decoder_channels: [256, 128, 64, 32, 16],
    decoder_interpolation: 'nearest',
    decoder_attention_type: null,
  },
  MAnet: {
    encoder_depth: 5,
    decoder_channels: [256, 128, 64, 32, 16],
    decoder_pab_channels: 64,
    decoder_interpolation: 'nearest',
  },
  Linknet: { encoder_depth: 5 },
  FPN: {
    encoder_depth: 5,
    decoder_pyramid_channels: 256,
    decoder_segmentation_channels: 128,
    decoder_merge_policy: 'add',
    decoder_dropout: 0.2,
    decoder_interpolation: 'nearest',
  },
  PSPNet: { encoder_depth: 3, psp_out_channels: 512, psp_dropout: 0.2 },
  PAN: { encoder_depth: 5, encoder_output_stride: 16, decoder_channels: 32, decoder_interpolation: 'bilinear' },
  UPerNet: { encoder_depth: 5, decoder_channels: 256 },
  DeepLabV3: {
    encoder_depth: 5,
    encoder_output_stride: 8,
    decoder_channels: 256,
    decoder_atrous_rates: [12, 24, 36],
    decoder_aspp_separable: false,
    decoder_aspp_dropout: 0.5,
  },
  DeepLabV3Plus: {
    encoder_depth: 5,
    encoder_output_stride: 16,
    decoder_channels: 256,
    decoder_atrous_rates: [12, 24, 36],
    decoder_aspp_separable: true,
    decoder_aspp_dropout: 0.5,
  },
  Segformer: { encoder_depth: 5, decoder_segmentation_channels: 256 },
  HRNetV2: { encoder_depth: 5 },
}

describe.each(architectures.names)('%s', (arch) => {
  const architecture = architectures.get(arch)
  const own = architecture.arguments.parse({})
  const config: ModelConfig = { ...baseline, ...own, arch }
  const roomy = { ...options, height: 128, width: 128 }

  it('has SMP’s defaults, and no heads that SMP does not have', () => {
    const { deep_supervision: auxiliary = null, ...ofLibrary } = own
    expect(ofLibrary).toEqual(defaults[arch])
    expect(auxiliary).toBeNull()
  })

  it('gives logits of the image’s size', () => {
    const { logits } = buildNetwork(config, { ...roomy, width: 256 })
    expect(logits.shape).toEqual([2, 4, 128, 256])
  })

  it('takes every depth that its arguments allow', () => {
    const channels = own['decoder_channels']
    for (const encoder_depth of [3, 4, 5]) {
      const decoder_channels = Array.isArray(channels) ? (channels as number[]).slice(0, encoder_depth) : channels
      const given = { ...own, encoder_depth, decoder_channels }
      if (!architecture.arguments.safeParse(given).success) continue
      const { logits, features } = buildNetwork({ ...config, ...given }, roomy)
      expect(features).toHaveLength(encoder_depth + 1)
      expect(logits.shape).toEqual([2, 4, 128, 128])
    }
  })

  it('says which sizes it takes', () => {
    const odd = { ...options, height: 129, width: 140 }
    if (architecture.needsDivisibleSize)
      expect(details(() => buildNetwork(config, odd)).code).toBe('size-not-divisible')
    else expect(buildNetwork(config, odd).logits.shape).toEqual([2, 4, 129, 140])
  })

  it('declares the same state dict in training and inference', () => {
    const [training, inference] = (['training', 'inference'] as const).map((mode) =>
      buildNetwork(config, { ...roomy, mode }),
    )
    expect(inference.declarations).toEqual(training.declarations)
  })
})

describe('PAN', () => {
  it('says when the image is too small for its pyramid', () => {
    const config = { ...baseline, arch: 'PAN' }
    expect(details(() => buildNetwork(config, options)).code).toBe('image-too-small')
    expect(buildNetwork({ ...config, encoder_depth: 3 }, options).logits.shape).toEqual([2, 4, 64, 64])
  })
})

describe('FPN', () => {
  it('drops whole channels, in training only', () => {
    const config = { ...baseline, arch: 'FPN', decoder_segmentation_channels: 32 }
    const { randomInputs } = buildNetwork(config, options)
    expect(randomInputs).toEqual([{ name: 'drop/decoder.dropout', rate: 0.2, valuesPerImage: 32 }])
    expect(buildNetwork(config, { ...options, mode: 'inference' }).randomInputs).toEqual([])
  })

  it('adds its levels or joins them', () => {
    const inputsOfHead = (decoder_merge_policy: string): number | undefined => {
      const { declarations } = buildNetwork({ ...baseline, arch: 'FPN', decoder_merge_policy }, options)
      return declarations.find(({ key }) => key === 'segmentation_head.0.weight')?.shape[1]
    }
    expect([inputsOfHead('add'), inputsOfHead('cat')]).toEqual([128, 512])
  })
})

describe('DeepLabV3Plus', () => {
  const config: ModelConfig = { ...baseline, arch: 'DeepLabV3Plus' }

  it('dilates the encoder down to its output stride', () => {
    for (const encoder_output_stride of [16, 8]) {
      const { features, logits } = buildNetwork({ ...config, encoder_output_stride }, options)
      expect(features.at(-1)!.shape).toEqual([2, 512, 64 / encoder_output_stride, 64 / encoder_output_stride])
      expect(logits.shape).toEqual([2, 4, 64, 64])
    }
  })

  it('takes separable or whole atrous convolutions', () => {
    const keys = (decoder_aspp_separable: boolean): readonly string[] =>
      buildNetwork({ ...config, decoder_aspp_separable }, options).declarations.map(({ key }) => key)
    expect(keys(true)).toContain('decoder.aspp.0.convs.1.0.1.weight')
    expect(keys(false)).toContain('decoder.aspp.0.convs.1.0.weight')
  })

  it('draws every element of its dropout anew, in training only', () => {
    const { randomInputs } = buildNetwork({ ...config, decoder_channels: 32 }, options)
    expect(randomInputs).toEqual([{ name: 'drop/decoder.aspp.0.project.3', rate: 0.5, valuesPerImage: 32 * 4 * 4 }])
    expect(buildNetwork({ ...config, decoder_aspp_dropout: 0 }, options).randomInputs).toEqual([])
    expect(buildNetwork(config, { ...options, mode: 'inference' }).randomInputs).toEqual([])
  })

  it('refuses encoders that cannot dilate, and names those that can', () => {
    const error = details(() => buildNetwork({ ...config, encoder_name: 'tu-tf_efficientnet_lite0' }, options))
    expect(error.code).toBe('encoder-does-not-dilate')
    expect(error.allowed).toContain('timm-tf_efficientnet_lite0')
  })

  it('refuses to train with one image: its pooled branch has one value per channel', () => {
    expect(details(() => buildNetwork(config, { ...options, batch: 1 })).code).toBe('one-value-per-channel')
  })
})

describe('HRNetV2', () => {
  it('joins four resolutions', () => {
    const config = { ...baseline, arch: 'HRNetV2', encoder_name: 'hrnet_w18_small' }
    const { features, declarations } = buildNetwork(config, options)
    expect(features.slice(2).map(({ shape }) => shape[1])).toEqual([16, 32, 64, 128])
    expect(declarations.find(({ key }) => key === 'head.0.weight')?.shape).toEqual([240, 240, 1, 1])
  })
})

describe('arguments of Unet', () => {
  const { arguments: schema } = architectures.get('Unet')

  it('need as many decoder_channels as the encoder is deep', () => {
    expect(schema.safeParse({ encoder_depth: 4 }).success).toBe(false)
    expect(schema.safeParse({ encoder_depth: 4, decoder_channels: [8, 8, 8, 8] }).success).toBe(true)
    const tooFew = { encoder_depth: 4, decoder_channels: [64, 32, 16, 8], decoder_attention_type: 'scse' }
    expect(schema.safeParse(tooFew).error?.issues[0]?.message).toMatch(/at least 16 channels/)
  })
})

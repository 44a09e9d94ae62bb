import { architectures } from '../../src/model/decoders/registry.ts'
import { encoders } from '../../src/model/encoders/registry.ts'

/** A network that must learn, and the side of the images for it. */
export interface SmokeNetwork {
  readonly arch: string
  readonly encoder: string
  /** Pixels. */
  readonly side: number
}

/** What does not go with the common encoder or size. */
const peculiar: Readonly<Record<string, Partial<SmokeNetwork>>> = {
  PAN: { side: 128 },
  HRNetV2: { encoder: 'hrnet_w18_small' },
  Segformer: { encoder: 'mit_b0' },
}

/** Every decoder over resnet18, then U-Net over every encoder of its kind. */
export const smokeNetworks: readonly SmokeNetwork[] = [
  ...architectures.names.map((arch) => ({ arch, encoder: 'resnet18', side: 64, ...peculiar[arch] })),
  ...encoders.names
    .filter((encoder) => encoder !== 'resnet18' && !encoder.startsWith('hrnet_'))
    .map((encoder) => ({ arch: 'Unet', encoder, side: 64 })),
]

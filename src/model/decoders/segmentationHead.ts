import { resize2d } from '../../graph/resize.ts'
import { featureMap, type Tensor } from '../../graph/tensor.ts'
import { xavierUniform } from '../initializers.ts'
import type { NetworkBuilder } from '../networkBuilder.ts'

interface HeadSettings {
  readonly classes: number
  readonly kernel: number
  /** Factor by which the logits are enlarged, bilinear with align_corners=True; 1 leaves them. */
  readonly upsampling: number
}

/** SMP's `SegmentationHead`: x [N, C, H, W] → logits [N, classes, H · upsampling, W · upsampling]. */
export function segmentationHead(builder: NetworkBuilder, x: Tensor, settings: HeadSettings): Tensor {
  const { classes, kernel, upsampling } = settings
  const head = { outputs: classes, kernel, bias: true, initial: xavierUniform }
  return upsample(builder.conv(x, 'segmentation_head.0', head), upsampling)
}

/** torch's `Upsample(mode="bilinear", align_corners=True)`. */
export function upsample(x: Tensor, factor: number): Tensor {
  const [, , H, W] = featureMap(x)
  return resize2d(x, { height: factor * H, width: factor * W, mode: 'bilinear', alignCorners: true })
}

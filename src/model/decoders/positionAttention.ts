import { add, reshape } from '../../graph/elementwise.ts'
import { matMul, softmax } from '../../graph/matrices.ts'
import { featureMap, type Tensor } from '../../graph/tensor.ts'
import { kaimingUniform } from '../initializers.ts'
import type { NetworkBuilder } from '../networkBuilder.ts'

/**
 * SMP's `PABBlock` (position-wise attention of MA-Net): pixels weighted by their likeness to all others. As there, the softmax
 * runs over all pairs of pixels of an image at once, and the result, a row of channels per pixel, is read as if it were a
 * map of channels.
 */
export function positionAttention(builder: NetworkBuilder, x: Tensor, key: string, compared: number): Tensor {
  const [N, C, H, W] = featureMap(x)
  const pixels = H * W
  const convolved = (name: string, outputs: number, kernel: number): Tensor => {
    const map = builder.conv(x, `${key}.${name}`, { outputs, kernel, bias: true, initial: kaimingUniform })
    return reshape(map, [N, outputs, pixels])
  }
  const top = convolved('top_conv', compared, 1)
  const center = convolved('center_conv', compared, 1)
  const bottom = convolved('bottom_conv', C, 3)
  // [N, pixel of top, pixel of center]: the transpose of SMP's map, over which the softmax is the same.
  const pairs = reshape(matMul(top, center, { transposeA: true }), [N, pixels * pixels])
  const attention = reshape(softmax(pairs), [N, pixels, pixels])
  const attended = matMul(attention, bottom, { transposeA: true, transposeB: true })
  const sum = add(x, reshape(attended, x.shape))
  return builder.conv(sum, `${key}.out_conv`, { outputs: C, kernel: 3, bias: true, initial: kaimingUniform })
}

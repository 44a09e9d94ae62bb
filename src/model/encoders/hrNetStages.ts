import { activation, add } from '../../graph/elementwise.ts'
import { resize2d } from '../../graph/resize.ts'
import { featureMap, type Tensor } from '../../graph/tensor.ts'
import { kaimingNormalFanOut } from '../initializers.ts'
import type { NetworkBuilder } from '../networkBuilder.ts'
import { torchBatchNorm } from '../networkParts.ts'
import { residualBlock } from './residualBlock.ts'

const initial = kaimingNormalFanOut

interface Convolution {
  readonly outputs: number
  readonly kernel: number
  readonly stride: number
}

export function convNorm(
  builder: NetworkBuilder,
  x: Tensor,
  [convolutionKey, normKey]: readonly [string, string],
  settings: Convolution,
): Tensor {
  return builder.batchNorm(builder.conv(x, convolutionKey, { ...settings, initial }), normKey, torchBatchNorm)
}

/** From the maps of one stage to those of the next, which has one more, at half the size of the last. */
export function transition(
  builder: NetworkBuilder,
  maps: readonly Tensor[],
  key: string,
  widths: readonly number[],
): readonly Tensor[] {
  const last = maps.at(-1)!
  return widths.map((outputs, index) => {
    const isNew = index >= maps.length
    const x = isNew ? last : maps[index]
    if (!isNew && featureMap(x)[1] === outputs) return x
    const base = isNew ? `${key}.${index}.0` : `${key}.${index}`
    const settings = { outputs, kernel: 3, stride: isNew ? 2 : 1 }
    return activation('relu', convNorm(builder, x, [`${base}.0`, `${base}.1`], settings))
  })
}

/** Residual blocks on every map, then every map of the result from all of them; keys of timm's `HighResolutionModule`. */
export function highResolutionModule(
  builder: NetworkBuilder,
  maps: readonly Tensor[],
  key: string,
  blocks: number,
): readonly Tensor[] {
  const branches = maps.map((map, index) => {
    const settings = { block: 'basic', width: featureMap(map)[1], stride: 1 } as const
    let x = map
    for (let block = 0; block < blocks; block++)
      x = residualBlock(builder, x, `${key}.branches.${index}.${block}`, settings)
    return x
  })
  return branches.map((target, index) => {
    const parts = branches.map((source, from) =>
      fused(builder, source, target, `${key}.fuse_layers.${index}.${from}`, from - index),
    )
    return activation('relu', parts.reduce(add))
  })
}

/** One map in the size and channels of another: strided convolutions downwards, 1×1 and nearest neighbour upwards. */
function fused(builder: NetworkBuilder, source: Tensor, target: Tensor, key: string, levels: number): Tensor {
  const [, outputs, height, width] = featureMap(target)
  if (levels === 0) return source
  if (levels > 0) {
    const x = convNorm(builder, source, [`${key}.0`, `${key}.1`], { outputs, kernel: 1, stride: 1 })
    return resize2d(x, { height, width, mode: 'nearest', alignCorners: false })
  }
  let x = source
  for (let step = 0; step < -levels; step++) {
    const isLast = step === -levels - 1
    const settings = { outputs: isLast ? outputs : featureMap(source)[1], kernel: 3, stride: 2 }
    x = convNorm(builder, x, [`${key}.${step}.0`, `${key}.${step}.1`], settings)
    if (!isLast) x = activation('relu', x)
  }
  return x
}

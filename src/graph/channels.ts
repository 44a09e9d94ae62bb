import { featureMap, sameShape, type Tensor } from './tensor.ts'

/** x · scale + shift per image and channel (or per channel where N is 1). */
export function affineChannels(x: Tensor, scale: Tensor, shift?: Tensor): Tensor {
  return x.graph.emit('affineChannels', [x, scale, shift], {}, [{ shape: x.shape }])[0]
}

export function channelDot(x: Tensor, y: Tensor): Tensor {
  const [N, C] = featureMap(x)
  if (!sameShape(x.shape, y.shape)) throw new Error('channelDot: shapes differ')
  return x.graph.emit('channelDot', [x, y], {}, [{ shape: [N, C, 1, 1] }])[0]
}

export function channelSum(x: Tensor): Tensor {
  return x.graph.emit('channelSum', [x], {}, [{ shape: [featureMap(x)[1]] }])[0]
}

/** Multiplies every image by its own factor: x [N, C, H, W], factor [N]. */
export function scaleSamples(x: Tensor, factor: Tensor): Tensor {
  return x.graph.emit('scaleSamples', [x, factor], {}, [{ shape: x.shape }])[0]
}

/** Parts without channels count for nothing. */
export function concatChannels(all: readonly Tensor[]): Tensor {
  const parts = all.filter((part) => featureMap(part)[1] > 0)
  const [first] = parts
  if (parts.length === 1) return first
  if (parts.length === 0) throw new Error('concatChannels: nothing to concatenate')
  const [N, , H, W] = featureMap(first)
  const channels = parts.reduce((sum, part) => sum + featureMap(part)[1], 0)
  for (const part of parts)
    if (part.shape[2] !== H || part.shape[3] !== W) throw new Error('concatChannels: the maps have different sizes')
  return first.graph.emit('concatChannels', parts, {}, [{ shape: [N, channels, H, W] }])[0]
}

export function sliceChannels(x: Tensor, offset: number, length: number): Tensor {
  const [N, , H, W] = featureMap(x)
  return x.graph.emit('sliceChannels', [x], { offset, length }, [{ shape: [N, length, H, W] }])[0]
}

import type { ConvolutionAttributes, FusedActivation, Pads } from './operations.ts'
import { featureMap, sameShape, type Shape, type Tensor } from './tensor.ts'

/** Output extent of a convolution or pooling along one axis. */
export function slidingExtent(
  extent: number,
  kernel: number,
  before: number,
  after: number,
  stride: number,
  dilation = 1,
): number {
  return Math.floor((extent + before + after - dilation * (kernel - 1) - 1) / stride) + 1
}

export function symmetricPads(pad: number): Pads {
  return [pad, pad, pad, pad]
}

/** TensorFlow's SAME padding of one axis, the odd pixel after: definitions 1.5. */
export function samePadding(extent: number, kernel: number, stride: number, dilation = 1): readonly [number, number] {
  const total = Math.max((Math.ceil(extent / stride) - 1) * stride + (kernel - 1) * dilation + 1 - extent, 0)
  return [Math.floor(total / 2), total - Math.floor(total / 2)]
}

export interface ConvolutionOptions {
  readonly bias?: Tensor | undefined
  readonly sum?: Tensor | undefined
  readonly stride?: number
  readonly pads?: Pads
  readonly dilation?: number
  readonly activation?: FusedActivation
}

function outputShape(
  x: Tensor,
  outputs: number,
  weight: Shape,
  { stride, pads, dilation }: ConvolutionAttributes,
): Shape {
  const [N, , H, W] = featureMap(x)
  const [, , kernelHeight = 1, kernelWidth = 1] = weight
  const height = slidingExtent(H, kernelHeight, pads[0], pads[2], stride, dilation)
  const width = slidingExtent(W, kernelWidth, pads[1], pads[3], stride, dilation)
  if (height < 1 || width < 1) throw new Error(`convolution of [${x.shape.join(', ')}] leaves nothing`)
  return [N, outputs, height, width]
}

function attributesOf(options: ConvolutionOptions): ConvolutionAttributes {
  return { stride: options.stride ?? 1, pads: options.pads ?? symmetricPads(0), dilation: options.dilation ?? 1 }
}

/** Dense convolution: x [N, I, H, W], weight [O, I, kh, kw], bias [O] → [N, O, H', W'], + sum before the activation. */
export function conv2d(x: Tensor, weight: Tensor, options: ConvolutionOptions = {}): Tensor {
  const attributes = attributesOf(options)
  const [O, I] = weight.shape
  if (I !== featureMap(x)[1]) throw new Error(`conv2d: ${featureMap(x)[1]} channels for weights of ${I}`)
  const shape = outputShape(x, O, weight.shape, attributes)
  if (options.sum && !sameShape(options.sum.shape, shape)) throw new Error('conv2d: sum has another shape')
  const activation = options.activation ?? 'identity'
  const type = { shape, dtype: x.dtype }
  return x.graph.emit('conv2d', [x, weight, options.bias, options.sum], { ...attributes, activation }, [type])[0]
}

/** One filter per channel: x [N, C, H, W], weight [C, 1, kh, kw]. */
export function depthwiseConv2d(x: Tensor, weight: Tensor, options: Omit<ConvolutionOptions, 'sum'> = {}): Tensor {
  const attributes = attributesOf(options)
  const C = featureMap(x)[1]
  if (weight.shape[0] !== C || weight.shape[1] !== 1) throw new Error('depthwiseConv2d: weights do not fit')
  const shape = outputShape(x, C, weight.shape, attributes)
  const activation = options.activation ?? 'identity'
  return x.graph.emit('depthwiseConv2d', [x, weight, options.bias], { ...attributes, activation }, [{ shape }])[0]
}

/** conv3×3 with pads 1 over x upsampled twice by nearest neighbour: x [N, I, H, W], weight [O, I, 3, 3] → [N, O, 2H, 2W]. */
export function upsampleConv2d(
  x: Tensor,
  weight: Tensor,
  { bias, activation = 'identity' }: Pick<ConvolutionOptions, 'bias' | 'activation'> = {},
): Tensor {
  const [N, , H, W] = featureMap(x)
  const shape = [N, weight.shape[0], 2 * H, 2 * W]
  return x.graph.emit('upsampleConv2d', [x, weight, bias], { activation }, [{ shape }])[0]
}

/**
 * Transposed convolution, torch's `ConvTranspose2d`: x [N, O, H, W], weight [O, I, kh, kw] as torch stores it → `shape`
 * [N, I, H', W'], of which a convolution with these options would make x's extents.
 */
export function transposedConv2d(
  x: Tensor,
  weight: Tensor,
  shape: Shape,
  options: Pick<ConvolutionOptions, 'stride' | 'pads' | 'dilation'> = {},
): Tensor {
  return x.graph.emit('conv2dInputGradient', [x, weight], { ...attributesOf(options), inputShape: shape }, [
    { shape },
  ])[0]
}

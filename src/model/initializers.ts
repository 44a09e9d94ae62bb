import { size, type Shape } from '../graph/tensor.ts'

/** What the elements of a fresh tensor are drawn from. */
export type Distribution =
  | { readonly kind: 'constant'; readonly value: number }
  /** U(−bound, bound). */
  | { readonly kind: 'uniform'; readonly bound: number }
  /** N(0, deviation²). */
  | { readonly kind: 'normal'; readonly deviation: number }

/** How a library starts a convolution of weights [O, I / groups, kh, kw]. */
export type ConvolutionInitializer = (
  weight: Shape,
  groups: number,
) => { readonly weight: Distribution; readonly bias: Distribution }

export const constantOf = (value: number): Distribution => ({ kind: 'constant', value })
const zero = constantOf(0)

const fanIn = (weight: Shape): number => size(weight.slice(1))
/** As torch counts it: all outputs of one input channel, as if there were no groups. */
const fanOut = ([outputs = 1, , ...kernel]: Shape): number => outputs * size(kernel)

/** torch's own `Conv2d`: U(±1/√fan_in) for weight and bias. */
export const torchDefault: ConvolutionInitializer = (weight) => {
  const bound = 1 / Math.sqrt(fanIn(weight))
  return { weight: { kind: 'uniform', bound }, bias: { kind: 'uniform', bound } }
}

/** SMP's decoders: Kaiming-uniform, fan_in, ReLU (He et al. 2015). */
export const kaimingUniform: ConvolutionInitializer = (weight) => ({
  weight: { kind: 'uniform', bound: Math.sqrt(6 / fanIn(weight)) },
  bias: zero,
})

/** SMP's heads: Xavier-uniform (Glorot & Bengio 2010). */
export const xavierUniform: ConvolutionInitializer = (weight) => ({
  weight: { kind: 'uniform', bound: Math.sqrt(6 / (fanIn(weight) + fanOut(weight))) },
  bias: zero,
})

/** torchvision's DenseNet: Kaiming-normal, fan_in. */
export const kaimingNormalFanIn: ConvolutionInitializer = (weight) => ({
  weight: { kind: 'normal', deviation: Math.sqrt(2 / fanIn(weight)) },
  bias: zero,
})

/** torchvision's ResNet, VGG and MobileNetV2: Kaiming-normal, fan_out. */
export const kaimingNormalFanOut: ConvolutionInitializer = (weight) => ({
  weight: { kind: 'normal', deviation: Math.sqrt(2 / fanOut(weight)) },
  bias: zero,
})

/** timm's EfficientNets: as TensorFlow's, with the fan_out of one group. */
export const normalFanOutOfGroup: ConvolutionInitializer = (weight, groups) => ({
  weight: { kind: 'normal', deviation: Math.sqrt((2 * groups) / fanOut(weight)) },
  bias: zero,
})

/** timm's ConvNeXts and the linear layers of transformers: N(0, 0.02²), which they cut off at ±2, 100 deviations away. */
export const normalOfSmallDeviation: ConvolutionInitializer = () => ({
  weight: { kind: 'normal', deviation: 0.02 },
  bias: zero,
})

import type { FloatType, Shape, Tensor } from './tensor.ts'

/** Rows and columns added on each side: [top, left, bottom, right]. */
export type Pads = readonly [top: number, left: number, bottom: number, right: number]

export interface ConvolutionAttributes {
  readonly stride: number
  readonly pads: Pads
  readonly dilation: number
}

/** `gelu` is the exact one, x·Φ(x) with the normal distribution Φ (Hendrycks & Gimpel 2016). */
export type ActivationKind = 'relu' | 'relu6' | 'silu' | 'sigmoid' | 'gelu'
/** What may follow a normalisation or convolution inside one fused operation. */
export type FusedActivation = 'identity' | 'relu' | 'relu6' | 'silu'

export interface BatchNormAttributes {
  readonly epsilon: number
  readonly activation: FusedActivation
  /** Whether the backward pass makes the map again (`batchNormAgain`) instead of reading it. */
  readonly isMadeAgain?: boolean
}

/**
 * Resizing to a fixed size (definitions 1.3): by neighbours, or `area`, the mean of what a pixel of the result covers, which is
 * adaptive average pooling. `alignCorners` only matters for bilinear.
 */
export interface ResizeAttributes {
  readonly height: number
  readonly width: number
  readonly mode: 'nearest' | 'bilinear' | 'area'
  readonly alignCorners: boolean
}

export interface CastAttributes {
  readonly to: FloatType
  /** Whether it is made anew in the backward pass, so that nothing is kept for it: an engine must not join it with an earlier one. */
  readonly isAgain?: boolean
}

export interface PoolAttributes {
  readonly kernel: number
  readonly stride: number
  readonly pad: number
}

/** The part of a parameter that one operation reads: input channels `offset` … of `total`. */
export interface ParameterPiece {
  readonly offset: number
  readonly total: number
}

export type UnaryFunction = 'exp' | 'log' | 'sqrt' | 'negate' | 'reciprocal'
export type BinaryFunction = 'add' | 'subtract' | 'multiply' | 'divide' | 'maximum' | 'minimum' | 'greater'

interface Operation<Inputs extends readonly (Tensor | undefined)[], Attributes> {
  readonly inputs: Inputs
  readonly attributes: Attributes
}
type None = Readonly<Record<string, never>>

/**
 * Every operation of the IR with its inputs and attributes. Feature maps are logical [N, C, H, W]; no operation knows a
 * memory layout. Adding one means an entry here, a builder in its family's file, a gradient rule and two lowerings:
 * each missing piece is a compile error.
 */
export interface OperationTable {
  // Sources
  readonly input: Operation<readonly [], { readonly name: string; readonly role: 'data' | 'buffer' }>
  readonly parameter: Operation<readonly [], { readonly name: string; readonly piece?: ParameterPiece | undefined }>
  readonly constant: Operation<readonly [], { readonly data: Float32Array | Int32Array }>

  // Convolutions: convolution.ts
  readonly conv2d: Operation<
    readonly [x: Tensor, weight: Tensor, bias?: Tensor, sum?: Tensor],
    ConvolutionAttributes & { readonly activation: FusedActivation }
  >
  readonly conv2dInputGradient: Operation<
    readonly [dy: Tensor, weight: Tensor, sum?: Tensor],
    ConvolutionAttributes & { readonly inputShape: Shape }
  >
  readonly conv2dWeightGradient: Operation<
    readonly [x: Tensor, dy: Tensor],
    ConvolutionAttributes & { readonly weightShape: Shape }
  >
  readonly depthwiseConv2d: Operation<
    readonly [x: Tensor, weight: Tensor, bias?: Tensor],
    ConvolutionAttributes & { readonly activation: FusedActivation }
  >
  readonly depthwiseConv2dInputGradient: Operation<
    readonly [dy: Tensor, weight: Tensor, sum?: Tensor],
    ConvolutionAttributes & { readonly inputShape: Shape }
  >
  readonly depthwiseConv2dWeightGradient: Operation<
    readonly [x: Tensor, dy: Tensor],
    ConvolutionAttributes & { readonly weightShape: Shape }
  >
  /** conv3×3(nearest 2× upsampling of x), pads 1: 4/9 of the multiplications, and no upsampled tensor. */
  readonly upsampleConv2d: Operation<
    readonly [x: Tensor, weight: Tensor, bias?: Tensor],
    { readonly activation: FusedActivation }
  >
  readonly upsampleConv2dInputGradient: Operation<readonly [dy: Tensor, weight: Tensor, sum?: Tensor], None>
  readonly upsampleConv2dWeightGradient: Operation<readonly [x: Tensor, dy: Tensor], None>

  // Normalisation and activation: normalization.ts, activation.ts
  /** y = activation(sampleScale · BatchNorm(x) + skip); outputs y, batch mean [C], biased variance [C], pre-activation. */
  readonly batchNorm: Operation<
    readonly [x: Tensor, gamma: Tensor, beta: Tensor, skip?: Tensor, sampleScale?: Tensor],
    BatchNormAttributes
  >
  /**
   * Outputs 0 and 3 of a batchNorm again, from its statistics, so that they need not be kept for the backward pass. `after`
   * is not computed with: whatever runs the program makes the map when that value is there, not before.
   */
  readonly batchNormAgain: Operation<
    readonly [
      x: Tensor,
      gamma: Tensor,
      beta: Tensor,
      mean: Tensor,
      variance: Tensor,
      after: Tensor,
      skip?: Tensor,
      sampleScale?: Tensor,
    ],
    BatchNormAttributes
  >
  /** Outputs dx, dγ, dβ and the gradient of the skip. */
  readonly batchNormGradient: Operation<
    readonly [
      x: Tensor,
      y: Tensor,
      preactivation: Tensor,
      dy: Tensor,
      gamma: Tensor,
      mean: Tensor,
      variance: Tensor,
      sampleScale?: Tensor,
    ],
    BatchNormAttributes
  >
  /** BatchNorm with running statistics; folded into the convolution before it wherever there is one. */
  readonly batchNormInference: Operation<
    readonly [x: Tensor, gamma: Tensor, beta: Tensor, mean: Tensor, variance: Tensor],
    { readonly epsilon: number }
  >
  readonly activation: Operation<readonly [x: Tensor], { readonly kind: ActivationKind }>
  readonly activationGradient: Operation<readonly [x: Tensor, y: Tensor, dy: Tensor], { readonly kind: ActivationKind }>

  // Channels: channels.ts
  /** x · scale + shift with scale and shift per image and channel, [N or 1, C, 1, 1]. */
  readonly affineChannels: Operation<readonly [x: Tensor, scale: Tensor, shift?: Tensor], None>
  /** Σ over H, W of x · y → [N, C, 1, 1]. */
  readonly channelDot: Operation<readonly [x: Tensor, y: Tensor], None>
  /** Σ over N, H, W → [C]: the gradient of a bias. */
  readonly channelSum: Operation<readonly [x: Tensor], None>
  /** x · factor[n]: stochastic depth. */
  readonly scaleSamples: Operation<readonly [x: Tensor, factor: Tensor], None>
  readonly concatChannels: Operation<readonly Tensor[], None>
  readonly sliceChannels: Operation<readonly [x: Tensor], { readonly offset: number; readonly length: number }>

  // Pooling and resizing: pooling.ts, resize.ts
  readonly globalAveragePool: Operation<readonly [x: Tensor], None>
  /** [N, C, 1, 1] repeated over height × width. */
  readonly spread: Operation<readonly [x: Tensor], { readonly height: number; readonly width: number }>
  readonly maxPool2d: Operation<readonly [x: Tensor], PoolAttributes>
  readonly maxPool2dGradient: Operation<readonly [x: Tensor, y: Tensor, dy: Tensor], PoolAttributes>
  readonly upsampleNearest2x: Operation<readonly [x: Tensor], None>
  /** Sum over 2×2 windows, stride 2: the gradient of the upsampling. */
  readonly sumPool2x: Operation<readonly [x: Tensor], None>
  readonly resize2d: Operation<readonly [x: Tensor], ResizeAttributes>
  readonly resize2dGradient: Operation<readonly [dy: Tensor], ResizeAttributes & { readonly inputShape: Shape }>

  // Element-wise and reductions, with NumPy broadcasting: elementwise.ts
  readonly unary: Operation<readonly [x: Tensor], { readonly kind: UnaryFunction }>
  readonly binary: Operation<readonly [a: Tensor, b: Tensor], { readonly kind: BinaryFunction }>
  /** factor · x + y with a factor of one element: the step of every optimizer. */
  readonly multiplyAdd: Operation<readonly [factor: Tensor, x: Tensor, y: Tensor], None>
  readonly reduceSum: Operation<
    readonly [x: Tensor],
    { readonly axes: readonly number[]; readonly keepDimensions: boolean }
  >
  /** Σ x² of a flat vector → [1]. */
  readonly squaredNorm: Operation<readonly [x: Tensor], None>
  readonly reshape: Operation<readonly [x: Tensor], None>
  /** Rounded to the nearest value of the type, ties to even; infinite beyond its range. */
  readonly cast: Operation<readonly [x: Tensor], CastAttributes>
  /** a where the condition (one element) is greater than 0, else b, of the same shape. */
  readonly select: Operation<readonly [condition: Tensor, a: Tensor, b: Tensor], None>

  // Pixels as rows of class scores: pixels.ts
  /** [N, C, H, W] → [N·H·W, C]. */
  readonly pixelRows: Operation<readonly [x: Tensor], None>
  /** The inverse of `pixelRows`. */
  readonly pixelMap: Operation<readonly [rows: Tensor], None>
  /** Over the last axis. */
  readonly logSoftmax: Operation<readonly [x: Tensor], None>
  /** Class indices [P] → [P, classes]; a row of zeros where the index is not a class (ignored pixels). */
  readonly oneHot: Operation<readonly [indices: Tensor], { readonly classes: number }>
  /** Over the last axis, lowest index among equals. */
  readonly argMax: Operation<readonly [x: Tensor], None>
  /** Per row [R, P]: Σ of the values up to each element, in descending order of the keys, lowest index first among equals. */
  readonly cumulateDescending: Operation<readonly [keys: Tensor, values: Tensor], None>

  // Matrices, in row-major order everywhere: matrices.ts
  /** A·B of matrices [M, K], [K, N] or stacks of them, each transposed first where said, plus a bias to every row. */
  readonly matMul: Operation<
    readonly [a: Tensor, b: Tensor, bias?: Tensor],
    { readonly transposeA: boolean; readonly transposeB: boolean }
  >
  readonly transpose: Operation<readonly [x: Tensor], { readonly permutation: readonly number[] }>
  /** Over the last axis. */
  readonly softmax: Operation<readonly [x: Tensor], None>
  /** Of each row of [R, C]; outputs y, mean [R, 1] and 1 / √(variance + ε) [R, 1]. */
  readonly layerNorm: Operation<readonly [x: Tensor, gamma: Tensor, beta: Tensor], { readonly epsilon: number }>
  /** Outputs dx, dγ, dβ. */
  readonly layerNormGradient: Operation<
    readonly [x: Tensor, dy: Tensor, gamma: Tensor, mean: Tensor, inverseDeviation: Tensor],
    None
  >
}

export type OperationName = keyof OperationTable

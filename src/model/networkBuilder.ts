import { affineChannels, channelSum, scaleSamples } from '../graph/channels.ts'
import { conv2d, depthwiseConv2d, symmetricPads, transposedConv2d } from '../graph/convolution.ts'
import { add, divide, multiply, multiplyAdd, negate, reduceSum, reshape, sqrt, subtract } from '../graph/elementwise.ts'
import { batchNorm, batchNormInference } from '../graph/normalization.ts'
import type { ConvolutionAttributes } from '../graph/operations.ts'
import { groupedConv2d } from '../graph/groupedConvolution.ts'
import { isOperation } from '../graph/program.ts'
import { constant, input, parameter } from '../graph/sources.ts'
import { featureMap, Graph, sameShape, size, type Shape, type Tensor } from '../graph/tensor.ts'
import { UserError } from '../core/errors.ts'
import { constantOf, type ConvolutionInitializer, type Distribution } from './initializers.ts'
import { auxiliaryPrefix } from './stateDict.ts'
import {
  type AuxiliaryOutput,
  type BatchNormSettings,
  type ConvolutionSettings,
  type Declaration,
  type FrozenStatistics,
  type NetworkMode,
  type RandomInput,
  encoderPrefix,
} from './networkParts.ts'

/**
 * Writes a network into a graph and its state dict into a list, in the order in which the modules are named. Keys are
 * those of the modules (`encoder.conv1`); `.weight`, `.running_mean`… are added here.
 */
export class NetworkBuilder {
  readonly graph = new Graph()
  readonly mode: NetworkMode
  /** New values of the running statistics, by key. */
  readonly updates = new Map<string, Tensor>()
  readonly randomInputs: RandomInput[] = []
  readonly auxiliary: AuxiliaryOutput[] = []
  /** Smallest momentum of a BatchNorm so far: how slowly running statistics follow; 1 without any. */
  slowestMomentum = 1
  /**
   * Above 1 inside a dilated stage of an encoder: every convolution then keeps its input's size and spreads its taps so
   * far, whatever stride and padding it is declared with (SMP's `replace_strides_with_dilation`).
   */
  dilation = 1
  private readonly frozenStatistics: FrozenStatistics
  private readonly declared = new Map<string, Declaration>()
  private readonly built = new Set<string>()

  constructor(mode: NetworkMode, frozenStatistics: FrozenStatistics = 'none') {
    this.mode = mode
    this.frozenStatistics = frozenStatistics
  }

  get declarations(): readonly Declaration[] {
    return [...this.declared.values()]
  }

  /**
   * A stand-in on a graph of its own: what is computed from it is in the state dict but not in the network. For modules
   * that a library keeps and does not run, and for those that are named before they are run.
   */
  placeholder(shape: Shape): Tensor {
    return input(new Graph(), 'placeholder', shape)
  }

  /** Convolution, dense or in groups (then without bias): x [N, I, H, W] → [N, outputs, H', W']. */
  conv(
    x: Tensor,
    key: string,
    settings: ConvolutionSettings & { readonly outputs: number; readonly groups?: number },
  ): Tensor {
    const { outputs, kernel, groups = 1 } = settings
    const shape = [outputs, featureMap(x)[1] / groups, kernel, kernel]
    const { weight, bias } = this.weights(x, key, shape, groups, settings)
    if (groups > 1) return groupedConv2d(x, weight, groups, this.geometry(settings))
    return conv2d(x, weight, { bias, ...this.geometry(settings) })
  }

  /** One filter per channel: x [N, C, H, W] → [N, C, H', W']. */
  depthwise(x: Tensor, key: string, settings: ConvolutionSettings): Tensor {
    const { kernel } = settings
    const channels = featureMap(x)[1]
    const { weight, bias } = this.weights(x, key, [channels, 1, kernel, kernel], channels, settings)
    return depthwiseConv2d(x, weight, { bias, ...this.geometry(settings) })
  }

  /**
   * Training: statistics of the batch, and new running ones in `updates` (unbiased variance). Inference, and where they are
   * frozen: running ones.
   * @param missing per channel, what was taken away from x before (see `centred`); the running mean is that of the whole
   * @throws UserError in training where there is one value per channel, of which there is no variance
   */
  batchNorm(x: Tensor, key: string, { epsilon, momentum }: BatchNormSettings, missing?: Tensor): Tensor {
    const [N, C, H, W] = featureMap(x)
    x.graph.scope = key
    const gamma = this.parameter(x.graph, `${key}.weight`, [C], constantOf(1))
    const beta = this.parameter(x.graph, `${key}.bias`, [C], constantOf(0))
    const runningMean = this.buffer(x.graph, `${key}.running_mean`, [C], constantOf(0))
    const runningVariance = this.buffer(x.graph, `${key}.running_var`, [C], constantOf(1))
    this.declare(x.graph, { key: `${key}.num_batches_tracked`, shape: [], initial: constantOf(0), kind: 'counter' })
    this.slowestMomentum = Math.min(this.slowestMomentum, momentum)
    if (this.mode === 'inference') return batchNormInference(x, gamma, beta, runningMean, runningVariance, epsilon)

    const values = N * H * W
    if (x.graph !== this.graph) return x
    if (this.hasFrozenStatistics(key)) return withStatistics(x, { gamma, beta, runningMean, runningVariance }, epsilon)
    if (values === 1) throw oneValuePerChannel(key)
    const few = H * W === 1 ? centred(x) : undefined
    const normalized = batchNorm(few?.x ?? x, gamma, beta, { epsilon, activation: 'identity' })
    const { y, variance } = normalized
    const mean = [few?.mean, missing].reduce<Tensor>((sum, part) => (part ? add(sum, part) : sum), normalized.mean)
    const unbiased = values / (values - 1)
    this.updates.set(`${key}.running_mean`, multiplyAdd(momentum, mean, multiply(runningMean, 1 - momentum)))
    this.updates.set(
      `${key}.running_var`,
      multiplyAdd(momentum * unbiased, variance, multiply(runningVariance, 1 - momentum)),
    )
    return y
  }

  /**
   * In training: x without the mean of each channel [C], and that mean. It is a constant to the gradient: for what only
   * BatchNorms read, behind at most a 1×1 convolution, they take any constant away.
   */
  centred(x: Tensor): { readonly x: Tensor; readonly mean: Tensor | undefined } {
    const isTrained = this.mode === 'training' && x.graph === this.graph && this.frozenStatistics === 'none'
    // An image is normalised, and engines read it in its own way.
    if (!isTrained || isOperation(x.node, 'input')) return { x, mean: undefined }
    const [N, C, H, W] = featureMap(x)
    x.graph.scope = 'centred'
    const mean = multiply(channelSum(x), 1 / (N * H * W))
    const ones = constant(x.graph, new Float32Array(C).fill(1), [1, C, 1, 1])
    return { x: affineChannels(x, ones, reshape(negate(mean), [1, C, 1, 1])), mean }
  }

  private hasFrozenStatistics(key: string): boolean {
    const { frozenStatistics: frozen } = this
    return frozen === 'all' || (frozen === 'encoder' && key.startsWith(encoderPrefix))
  }

  /** x · weight + bias per channel: how a normalisation ends that has no running statistics. */
  affine(x: Tensor, key: string): Tensor {
    const C = featureMap(x)[1]
    x.graph.scope = key
    const scale = this.parameter(x.graph, `${key}.weight`, [C], constantOf(1))
    const shift = this.parameter(x.graph, `${key}.bias`, [C], constantOf(0))
    return affineChannels(x, reshape(scale, [1, C, 1, 1]), reshape(shift, [1, C, 1, 1]))
  }

  /** Transposed convolution with bias: x [N, I, H, W] → [N, I, 2H, 2W], kernel 4, stride 2, padding 1. */
  doublingConv(x: Tensor, key: string, initial: ConvolutionInitializer): Tensor {
    const [N, C, H, W] = featureMap(x)
    const { weight, bias } = this.weights(x, key, [C, C, 4, 4], 1, { bias: true, initial })
    const y = transposedConv2d(x, weight, [N, C, 2 * H, 2 * W], { stride: 2, pads: symmetricPads(1) })
    const ones = constant(x.graph, new Float32Array(C).fill(1), [1, C, 1, 1])
    return affineChannels(y, ones, reshape(bias!, [1, C, 1, 1]))
  }

  /** Stochastic depth (Huang et al. 2016): in training some images lose the whole branch x. */
  stochasticDepth(x: Tensor, key: string, rate: number): Tensor {
    const factor = this.keptBranches(x, key, rate, featureMap(x)[0])
    return factor ? scaleSamples(x, factor) : x
  }

  /** The same over the pixels of N images as rows, [N·L, C]. */
  stochasticDepthOfRows(x: Tensor, key: string, rate: number, images: number): Tensor {
    const factor = this.keptBranches(x, key, rate, images)
    if (factor === undefined) return x
    const perImage = reshape(x, [images, size(x.shape) / images])
    return reshape(multiply(perImage, reshape(factor, [images, 1])), x.shape)
  }

  /** A factor for each image; undefined where nothing is dropped. */
  private keptBranches(x: Tensor, key: string, rate: number, images: number): Tensor | undefined {
    if (this.mode === 'inference' || rate === 0 || x.graph !== this.graph) return undefined
    const name = `drop/${key}`
    this.randomInputs.push({ name, rate, valuesPerImage: 1 })
    return input(this.graph, name, [images])
  }

  /** Dropout (Srivastava et al. 2014): in training some elements of x become 0 and the others grow to match. */
  dropout(x: Tensor, key: string, rate: number): Tensor {
    if (this.mode === 'inference' || rate === 0 || x.graph !== this.graph) return x
    const name = `drop/${key}`
    this.randomInputs.push({ name, rate, valuesPerImage: size(x.shape) / featureMap(x)[0] })
    return multiply(x, input(this.graph, name, x.shape))
  }

  /** Dropout of whole channels (Tompson et al. 2015), each image's own. */
  channelDropout(x: Tensor, key: string, rate: number): Tensor {
    if (this.mode === 'inference' || rate === 0 || x.graph !== this.graph) return x
    const name = `drop/${key}`
    const [N, C] = featureMap(x)
    this.randomInputs.push({ name, rate, valuesPerImage: C })
    return affineChannels(x, input(this.graph, name, [N, C, 1, 1]))
  }

  /**
   * A head of deep supervision, built in training alone.
   * @param build logits [N, classes, H, W] of the image's size; its keys begin with the one it is given
   */
  addAuxiliary(name: string, weight: number, build: (key: string) => Tensor): void {
    if (this.mode === 'inference') return
    const logits = build(`${auxiliaryPrefix}${this.auxiliary.length}`)
    this.auxiliary.push({ name, weight, logits })
  }

  /** What a convolution is declared with, or what a dilated stage makes of it. */
  private geometry({ kernel, stride = 1, pads, dilation = 1 }: ConvolutionSettings): ConvolutionAttributes {
    if (this.dilation === 1) return { stride, pads: pads ?? symmetricPads(kernel >> 1), dilation }
    // One tap cannot be spread.
    return { stride: 1, pads: symmetricPads((kernel >> 1) * this.dilation), dilation: kernel === 1 ? 1 : this.dilation }
  }

  /** Weight and bias, as a convolution and a linear layer have them, in the graph of x. */
  weights(
    x: Tensor,
    key: string,
    shape: Shape,
    groups: number,
    { bias: hasBias = false, initial }: Pick<ConvolutionSettings, 'bias' | 'initial'>,
  ): { readonly weight: Tensor; readonly bias: Tensor | undefined } {
    x.graph.scope = key
    const distributions = initial(shape, groups)
    return {
      weight: this.parameter(x.graph, `${key}.weight`, shape, distributions.weight),
      bias: hasBias ? this.parameter(x.graph, `${key}.bias`, [shape[0]], distributions.bias) : undefined,
    }
  }

  /** A trained tensor under its whole key, in the graph of what it is computed with. */
  parameter(graph: Graph, key: string, shape: Shape, initial: Distribution): Tensor {
    this.declare(graph, { key, shape, initial, kind: 'parameter' })
    return parameter(graph, key, shape)
  }

  private buffer(graph: Graph, key: string, shape: Shape, initial: Distribution): Tensor {
    this.declare(graph, { key, shape, initial, kind: 'buffer' })
    return input(graph, key, shape, 'buffer')
  }

  /** A key may be declared by a placeholder and then built, never built twice. */
  private declare(graph: Graph, declaration: Declaration): void {
    const { key, shape } = declaration
    const earlier = this.declared.get(key)
    if (earlier && (this.built.has(key) || !sameShape(earlier.shape, shape)))
      throw new Error(`${key} is declared twice`)
    if (graph === this.graph) this.built.add(key)
    if (!earlier) this.declared.set(key, declaration)
  }
}

interface Normalizing {
  readonly gamma: Tensor
  readonly beta: Tensor
  readonly runningMean: Tensor
  readonly runningVariance: Tensor
}

/** BatchNorm in evaluation mode with gradients for x, γ and β: x·s + (β − μ·s) with s = γ / √(σ² + ε). */
function withStatistics(
  x: Tensor,
  { gamma, beta, runningMean, runningVariance }: Normalizing,
  epsilon: number,
): Tensor {
  const perChannel = [1, featureMap(x)[1], 1, 1]
  const scale = divide(gamma, sqrt(add(runningVariance, epsilon)))
  const shift = subtract(beta, multiply(runningMean, scale))
  return affineChannels(x, reshape(scale, perChannel), reshape(shift, perChannel))
}

/**
 * x [N, C, 1, 1] without its mean over the batch, and that mean [C]. BatchNorm does not see the difference, but engines take
 * the variance from sums of squares: pooled maps of a few alike images lose most digits in that.
 */
function centred(x: Tensor): { readonly x: Tensor; readonly mean: Tensor } {
  const [N, C] = featureMap(x)
  const mean = multiply(reduceSum(x, [0], true), 1 / N)
  return { x: subtract(x, mean), mean: reshape(mean, [C]) }
}

function oneValuePerChannel(key: string): UserError {
  return new UserError(`BatchNorm "${key}" has one value per channel: there is no variance to train with.`, {
    hint: 'Take a larger batch_size or image_size.',
    code: 'one-value-per-channel',
  })
}

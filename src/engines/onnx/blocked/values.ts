import type { Readers } from '../../../graph/passes/rewrite.ts'
import { featureMap, type Shape, type Tensor } from '../../../graph/tensor.ts'
import type { Attributes, Emitter } from '../emitter.ts'
import type { PlainValues } from '../lowering.ts'
import type { Expansion, ExpansionGradient } from './expansion.ts'

/** A feature map in blocked layout: memory [N, C/B, H, W, B], declared [N, C, H, W] with C padded to a multiple of B. */
export interface BlockedMap {
  readonly name: string
  readonly N: number
  /** Padded channels. */
  readonly C: number
  readonly H: number
  readonly W: number
}

/** What the kernels do in the same pass: Clip to 0…6; Abs is LeakyRelu with a slope of −1. */
export type ConvolutionActivation = 'Relu' | 'Clip' | 'Abs'

export interface BlockedConvolution {
  readonly kernel: readonly [number, number]
  readonly group?: number
  /** Of both axes, or rows and columns. */
  readonly stride?: number | readonly [number, number]
  readonly dilation?: number | readonly [number, number]
  readonly pads?: readonly number[]
  readonly bias?: string | undefined
  /** Added before the activation. */
  readonly sum?: string | undefined
  readonly activation?: ConvolutionActivation | undefined
}

/** A map without its factor, as a tensor of its own, and the factor [C]. */
interface DeferredMap {
  readonly unscaled: Tensor
  readonly factor: string
}

/**
 * Where each value of a program lies: in ordinary layout, in blocked layout, or (made on demand, once) in both.
 * "Blocked" is, by rank: a feature map as above; [N, C, 1, 1] and [C] with C padded; a weight in its stored order.
 * Padded channels hold zeros everywhere: every operation here keeps them so.
 */
export class BlockedValues implements PlainValues {
  readonly emitter: Emitter
  /** Channels per block: 16 with AVX-512, 8 with AVX2. */
  readonly block: number
  private readonly plainNames = new Map<Tensor, string>()
  private readonly blockedNames = new Map<Tensor, string>()
  private readonly paddedNames = new Map<Tensor, string>()
  private readonly deferredMaps = new Map<Tensor, DeferredMap>()
  /** Maps of the forward pass that were made in the extents of `widened`. */
  readonly isWide = new Set<Tensor>()
  readonly readers: Readers
  /** Maps that are never made, by the convolution that would make them: see expansion.ts. */
  readonly expansions = new Map<Tensor, Expansion>()
  readonly expansionGradients = new Map<Tensor, ExpansionGradient>()

  constructor(emitter: Emitter, block: number, readers: Readers) {
    this.emitter = emitter
    this.block = block
    this.readers = readers
  }

  readonly padded = (channels: number): number => Math.ceil(channels / this.block) * this.block

  /** A map of which a factor per channel is still missing: see deferredScale.ts. */
  setDeferred(tensor: Tensor, name: string, factor: string): void {
    const unscaled = { ...tensor }
    this.blockedNames.set(unscaled, name)
    this.deferredMaps.set(tensor, { unscaled, factor })
  }

  deferred(tensor: Tensor): DeferredMap | undefined {
    return this.deferredMaps.get(tensor)
  }

  setPlain(tensor: Tensor, name: string): void {
    this.plainNames.set(tensor, name)
  }

  setBlocked(tensor: Tensor, name: string): void {
    this.blockedNames.set(tensor, name)
  }

  isBlocked(tensor: Tensor): boolean {
    return this.blockedNames.has(tensor)
  }

  plain(tensor: Tensor): string {
    let name = this.plainNames.get(tensor)
    if (name === undefined) {
      const blocked = this.blockedNames.get(tensor)
      if (blocked === undefined) throw new Error(`${tensor.node.operation} has not been lowered`)
      name = this.toPlain(tensor.shape, blocked)
      this.plainNames.set(tensor, name)
    }
    return name
  }

  blocked(tensor: Tensor): string {
    let name = this.blockedNames.get(tensor)
    if (name === undefined) {
      const plain = this.plainNames.get(tensor)
      if (plain === undefined) throw new Error(`${tensor.node.operation} has not been lowered`)
      name = this.toBlocked(tensor.shape, plain)
      this.blockedNames.set(tensor, name)
    }
    return name
  }

  /**
   * The map as half as many rows of twice the length, for what goes pixel by pixel. The runtime plans which later value takes
   * the memory of a dead one by their extents, and holds the memory in between: values of the forward pass that the backward
   * pass does not need must not look like its own.
   */
  widened({ name, N, C, H, W }: BlockedMap): BlockedMap {
    return H % 2 === 0 ? { name: this.emitter.reshape(name, [N, C, H / 2, 2 * W]), N, C, H: H / 2, W: 2 * W } : { name, N, C, H, W } // prettier-ignore
  }

  /** Like a map, but of other extents: its name with the extents of `as`. */
  viewed(name: string, { N, C, H, W }: BlockedMap): string {
    return this.emitter.reshape(name, [N, C, H, W])
  }

  /** The value in whatever layout it lies, perhaps still without its factor. */
  anyName(tensor: Tensor): string {
    const place = this.deferredMaps.get(tensor)?.unscaled ?? tensor
    return this.isBlocked(place) ? this.blocked(place) : this.plain(place)
  }

  map(tensor: Tensor): BlockedMap {
    const [N, C, H, W] = featureMap(tensor)
    return { name: this.blocked(tensor), N, C: this.padded(C), H, W }
  }

  /** The map in row-major layout with its padded channels: the input of a 1×1 weight gradient. */
  paddedPlain(tensor: Tensor): string {
    let name = this.paddedNames.get(tensor)
    if (name === undefined) {
      name = this.unblocked(this.map(tensor))
      this.paddedNames.set(tensor, name)
    }
    return name
  }

  /** The map with `sides` rows and columns of zeros around it, or cut off where negative. */
  surrounded(tensor: Tensor, sides: readonly number[]): BlockedMap {
    const map = this.map(tensor)
    const isGrowing = sides.every((side) => side >= 0) && sides.some((side) => side > 0)
    return isGrowing ? this.surround(map, sides) : this.padMap(map, sides)
  }

  /** Zeros around a map by a convolution that copies it: threaded, which Pad is not. */
  private surround({ name, N, C, H, W }: BlockedMap, pads: readonly number[]): BlockedMap {
    const one = this.emitter.filled([C, 1, 1, 1], 1)
    const surrounded = this.convolve(name, one, { kernel: [1, 1], group: C, pads })
    return { name: surrounded, N, C, H: H + pads[0] + pads[2], W: W + pads[1] + pads[3] }
  }

  private unblocked({ name, N, C, H, W }: BlockedMap): string {
    const { emitter, block } = this
    if (H * W === 1) return name
    if (C !== block) return this.reorderOutput(name, C)
    // A transposition of two axes is threaded and vectorised; for one block per image it is all there is to do.
    return emitter.reshape(emitter.transpose(emitter.reshape(name, [N, H * W, block]), [0, 2, 1]), [N, C, H, W])
  }

  private reorderOutput(blocked: string, channels: number): string {
    return this.emitter.op('ReorderOutput', [blocked], { channels }, 'com.microsoft.nchwc')
  }

  private toPlain(shape: Shape, blocked: string): string {
    const { emitter } = this
    if (shape.length === 4) {
      const [, C, H, W] = shape as readonly [number, number, number, number]
      if (H * W > 1) return this.reorderOutput(blocked, C)
      return C === this.padded(C) ? blocked : emitter.slice(blocked, [1], [0], [C])
    }
    const channels = shape[0]
    return channels === this.padded(channels) ? blocked : emitter.slice(blocked, [0], [0], [channels])
  }

  private toBlocked(shape: Shape, plain: string): string {
    const { emitter } = this
    if (shape.length !== 4 && shape.length !== 1) throw new Error(`[${shape.join(', ')}] has no blocked layout`)
    const axis = shape.length === 4 ? 1 : 0
    const before = shape.map(() => 0)
    const after = shape.map((extent, each) => (each === axis ? this.padded(extent) - extent : 0))
    const padded = emitter.pad(plain, before, after)
    if (shape.length === 1 || shape[2] * shape[3] === 1) return padded
    return emitter.op('ReorderInput', [padded], {}, 'com.microsoft.nchwc')
  }

  /** One of the runtime's blocked convolutions. */
  convolve(x: string, weight: string, options: BlockedConvolution): string {
    const { kernel, group, stride = 1, dilation = 1, pads, bias, sum, activation } = options
    const inputs = [x, weight]
    if (bias !== undefined || sum !== undefined) inputs.push(bias ?? '')
    if (sum !== undefined) inputs.push(sum)
    const attributes: Attributes = {
      kernel_shape: kernel,
      group,
      strides: perAxis(stride),
      dilations: perAxis(dilation),
      pads: pads?.some((pad) => pad !== 0) ? pads : undefined,
      activation: activation === 'Abs' ? 'LeakyRelu' : activation,
      activation_params: activation && activationParameters[activation],
    }
    return this.emitter.op('Conv', inputs, attributes, 'com.microsoft.nchwc')
  }

  /** x · scale + shift (+ sum) per channel: one pass, where a broadcasting Mul would take many. scale is [C, 1, 1, 1]. */
  affine(
    x: string,
    scale: string,
    group: number,
    options: Pick<BlockedConvolution, 'bias' | 'sum' | 'activation'> = {},
  ): string {
    return this.convolve(x, scale, { kernel: [1, 1], group, ...options })
  }

  /** Σ over H, W of x · y → [N, C, 1, 1]: a depthwise convolution of the whole map; writes nothing image-sized. */
  dot(x: string, y: string, { N, C, H, W }: BlockedMap): string {
    const { emitter } = this
    const image = emitter.reshape(x, [1, N * C, H, W])
    const filter = emitter.reshape(y, [N * C, 1, H, W])
    return emitter.reshape(this.convolve(image, filter, { kernel: [H, W], group: N * C }), [N, C, 1, 1])
  }

  globalAverage(x: string): string {
    return this.emitter.op('GlobalAveragePool', [x], {}, 'com.microsoft.nchwc')
  }

  /** The map with rows and columns added or (negative) cut off. */
  padMap({ name, N, C, H, W }: BlockedMap, [top, left, bottom, right]: readonly number[]): BlockedMap {
    if (top === 0 && left === 0 && bottom === 0 && right === 0) return { name, N, C, H, W }
    const { emitter, block } = this
    const [height, width] = [H + top + bottom, W + left + right]
    const view = emitter.reshape(name, [(N * C) / block, H, W, block])
    const padded = emitter.pad(view, [0, top, left, 0], [0, bottom, right, 0])
    return { name: emitter.reshape(padded, [N, C, height, width]), N, C, H: height, W: width }
  }
}

const activationParameters = { Relu: undefined, Clip: { floats: [0, 6] }, Abs: { floats: [-1] } } as const

function perAxis(value: number | readonly [number, number]): readonly number[] | undefined {
  const axes = typeof value === 'number' ? [value, value] : value
  return axes.every((axis) => axis === 1) ? undefined : axes
}

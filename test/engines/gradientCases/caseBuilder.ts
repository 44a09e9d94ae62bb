import { multiply } from '../../../src/graph/elementwise.ts'
import type { OperationName } from '../../../src/graph/operations.ts'
import { input, parameter } from '../../../src/graph/sources.ts'
import { Graph, size, type Shape, type Tensor } from '../../../src/graph/tensor.ts'
import { Random } from '../random.ts'

/** A small program whose gradients are checked: inputs → operation → outputs. */
export interface GradientCase {
  readonly title: string
  /** The outputs whose weighted sum is the loss. */
  readonly build: (make: CaseBuilder) => readonly Tensor[]
  /** What the passes must have made of it. */
  readonly fusedInto?: OperationName
  /** Of a case in half precision: by what its gradients may be off. Differences are then those of a reference that does not round. */
  readonly rounding?: number
}

interface Range {
  readonly low?: number
  readonly high?: number
}

/** Declares the inputs of a case and draws their values. */
export class CaseBuilder {
  readonly graph = new Graph()
  readonly random = new Random(20240229)
  /** Values of all inputs and parameters by name. */
  readonly feeds = new Map<string, Float32Array | Int32Array>()
  /** Names of the inputs (no parameters) whose gradient is asked for. */
  readonly differentiated = new Set<string>()

  /** A value inside a network, with a gradient: not an input itself, for convolutions of the image need not have one. */
  map(name: string, shape: Shape, range?: Range): Tensor {
    this.differentiated.add(name)
    return multiply(this.data(name, shape, range), 1)
  }

  /** An input without a gradient. */
  data(name: string, shape: Shape, { low = -1, high = 1 }: Range = {}): Tensor {
    this.feeds.set(name, this.random.values(size(shape), low, high))
    return input(this.graph, name, shape)
  }

  /** A running statistic [channels]. */
  buffer(name: string, channels: number, { low = -1, high = 1 }: Range = {}): Tensor {
    this.feeds.set(name, this.random.values(channels, low, high))
    return input(this.graph, name, [channels], 'buffer')
  }

  /** A flat vector: what optimizers work on. */
  flat(name: string, length: number): Tensor {
    this.feeds.set(name, this.random.values(length, -1, 1))
    return input(this.graph, name, [length])
  }

  /** Class indices [P]: 0 … classes−1 and now and then one that is none. */
  labels(name: string, pixels: number, classes: number): Tensor {
    const others = [255, -1, -100, classes]
    const draw = (index: number): number =>
      index % 5 === 4 ? others[(index / 5) & 3] : Math.floor(this.random.next() * classes)
    this.feeds.set(
      name,
      Int32Array.from({ length: pixels }, (_, index) => draw(index)),
    )
    return input(this.graph, name, [pixels], 'data', 'int32')
  }

  weight(name: string, shape: Shape, { low = -1, high = 1 }: Range = {}): Tensor {
    this.feeds.set(name, this.random.values(size(shape), low, high))
    return parameter(this.graph, name, shape)
  }
}

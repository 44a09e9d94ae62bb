import { affineChannels, concatChannels } from '../graph/channels.ts'
import { conv2d, depthwiseConv2d, symmetricPads } from '../graph/convolution.ts'
import { activation, add, multiply, negate, reduceSum, total } from '../graph/elementwise.ts'
import { batchNorm } from '../graph/normalization.ts'
import { addGradients } from '../graph/passes/addGradients.ts'
import { logSoftmax, oneHot, pixelRows } from '../graph/pixels.ts'
import { globalAveragePool, maxPool2d } from '../graph/pooling.ts'
import { program, type Program } from '../graph/program.ts'
import { upsampleNearest2x } from '../graph/resize.ts'
import { input, parameter } from '../graph/sources.ts'
import { Graph, size, type HalfType, type Shape, type Tensor } from '../graph/tensor.ts'
import type { Arrays, Tensors } from './engine.ts'

/** A training step to try an engine with: its loss and gradients, weights and one batch. */
export interface Probe {
  readonly gradient: Program
  readonly tensors: Tensors
  readonly data: Arrays
}

const classes = 5

/**
 * @param batch images
 * @param extent pixels of an image's side: a multiple of 4
 * @param half of its convolutions
 */
export function probe(batch: number, extent: number, half?: HalfType): Probe {
  const { source, shapes } = smallNetwork(batch, extent)
  const tensors = new Map(
    Array.from(shapes, ([name, shape], index) => {
      const offset = name.endsWith('.gamma') ? 1 : 0
      return [name, { shape, data: numbers(size(shape), index).map((value) => value + offset) }]
    }),
  )
  const pixels = batch * extent * extent
  const target = Int32Array.from({ length: pixels }, (_, index) => (index % 11 === 0 ? 255 : index % classes))
  return { gradient: addGradients(source, { half }), tensors, data: { image: numbers(pixels * 3, 99), target } }
}

/** A small U-Net that uses every kind of kernel, the blocked ones too: its loss. */
function smallNetwork(
  batch: number,
  extent: number,
): { readonly source: Program; readonly shapes: ReadonlyMap<string, Shape> } {
  const graph = new Graph()
  const shapes = new Map<string, Shape>()
  const weight = (name: string, ...shape: number[]): Tensor => {
    shapes.set(name, shape)
    return parameter(graph, name, shape)
  }
  const normalized = (x: Tensor, name: string): Tensor => {
    const C = x.shape[1]
    return batchNorm(x, weight(`${name}.gamma`, C), weight(`${name}.beta`, C), {
      epsilon: 1e-3,
      activation: 'identity',
    }).y
  }
  const image = input(graph, 'image', [batch, 3, extent, extent])
  const target = input(graph, 'target', [batch * extent * extent], 'data', 'int32')
  const same = symmetricPads(1)
  const stem = activation(
    'silu',
    normalized(conv2d(image, weight('stem', 12, 3, 3, 3), { stride: 2, pads: same }), 'n0'),
  )
  const pooled = maxPool2d(stem, { kernel: 3, stride: 2, pad: 1 })
  const wide = activation('relu6', normalized(conv2d(pooled, weight('expand', 40, 12, 1, 1)), 'n1'))
  const filtered = normalized(depthwiseConv2d(wide, weight('depthwise', 40, 1, 3, 3), { pads: same }), 'n2')
  const gate = activation('sigmoid', conv2d(globalAveragePool(filtered), weight('gate', 40, 40, 1, 1)))
  const deep = normalized(conv2d(affineChannels(filtered, gate), weight('project', 20, 40, 3, 3), { pads: same }), 'n3')
  const shortcut = add(deep, conv2d(pooled, weight('shortcut', 20, 12, 1, 1)))
  const decoded = conv2d(concatChannels([upsampleNearest2x(shortcut), stem]), weight('decoder', 16, 32, 3, 3), {
    pads: same,
  })
  const full = conv2d(
    upsampleNearest2x(activation('relu', normalized(decoded, 'n4'))),
    weight('head', classes, 16, 3, 3),
    { pads: same },
  )
  const scores = logSoftmax(pixelRows(full))
  const loss = negate(total(reduceSum(multiply(scores, oneHot(target, classes)), [1])))
  return { source: program(graph, { outputs: new Map([['loss', loss]]) }), shapes }
}

/** Reproducible numbers of both signs; their quality does not matter. */
function numbers(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, index) => Math.sin((index + 1) * 12.9898 + seed * 78.233) * 0.5)
}

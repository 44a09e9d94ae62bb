import type { ConvolutionAttributes } from '../../../src/graph/operations.ts'
import type { Shape } from '../../../src/graph/tensor.ts'
import { activated } from './activation.ts'
import type { Reference, Values } from './evaluate.ts'
import { doubled } from './maps.ts'

interface Map4 {
  readonly values: Values
  readonly shape: Shape
}

/** Convolution by its definition; `group` channels share nothing with others. */
function slide(x: Map4, weight: Map4, output: Shape, attributes: ConvolutionAttributes, group: number): Values {
  const [N, C, H, W] = x.shape as [number, number, number, number]
  const [, I, kernelHeight, kernelWidth] = weight.shape as [number, number, number, number]
  const [, O, height, width] = output as [number, number, number, number]
  const { stride, pads, dilation } = attributes
  const result = new Float64Array(N * O * height * width)
  let position = 0
  for (let n = 0; n < N; n++)
    for (let o = 0; o < O; o++)
      for (let row = 0; row < height; row++)
        for (let column = 0; column < width; column++, position++) {
          let sum = 0
          const first = Math.floor(o / (O / group)) * (C / group)
          for (let a = 0; a < kernelHeight; a++) {
            const y = row * stride - pads[0] + a * dilation
            if (y < 0 || y >= H) continue
            for (let b = 0; b < kernelWidth; b++) {
              const z = column * stride - pads[1] + b * dilation
              if (z < 0 || z >= W) continue
              for (let i = 0; i < I; i++)
                sum +=
                  x.values[((n * C + first + i) * H + y) * W + z] *
                  weight.values[((o * I + i) * kernelHeight + a) * kernelWidth + b]
            }
          }
          result[position] = sum
        }
  return result
}

/** Every pixel of x spreads its weighted taps over the output. */
function spreadOut(x: Map4, weight: Map4, output: Shape, { stride, pads, dilation }: ConvolutionAttributes): Values {
  const [N, O, H, W] = x.shape as [number, number, number, number]
  const [, I, rows, columns] = weight.shape as [number, number, number, number]
  const [, , height, width] = output as [number, number, number, number]
  const result = new Float64Array(N * I * height * width)
  for (let n = 0; n < N; n++)
    for (let o = 0; o < O; o++)
      for (let y = 0; y < H; y++)
        for (let z = 0; z < W; z++)
          for (let i = 0; i < I; i++)
            for (let a = 0; a < rows; a++)
              for (let b = 0; b < columns; b++) {
                const [row, column] = [y * stride - pads[0] + a * dilation, z * stride - pads[1] + b * dilation]
                if (row < 0 || row >= height || column < 0 || column >= width) continue
                result[((n * I + i) * height + row) * width + column] +=
                  x.values[((n * O + o) * H + y) * W + z] * weight.values[((o * I + i) * rows + a) * columns + b]
              }
  return result
}

/** Adds bias [C] and a map of the same shape where they are given. */
function plus(map: Values, shape: Shape, bias?: Values, sum?: Values): Values {
  const [, C, H, W] = shape as [number, number, number, number]
  return map.map((value, index) => value + (bias?.[Math.floor(index / (H * W)) % C] ?? 0) + (sum?.[index] ?? 0))
}

export const convolutionReference: Reference<'conv2d' | 'conv2dInputGradient' | 'depthwiseConv2d' | 'upsampleConv2d'> =
  {
    conv2dInputGradient: ({ inputs: [x, weight], attributes, outputs: [y] }, [map, filter]) =>
      spreadOut({ values: map, shape: x.shape }, { values: filter, shape: weight.shape }, y.shape, attributes),
    conv2d: ({ inputs: [x, weight], attributes, outputs: [y] }, [map, filter, bias, sum]) => {
      const [input, kernel] = [
        { values: map, shape: x.shape },
        { values: filter, shape: weight.shape },
      ]
      const convolution = slide(input, kernel, y.shape, attributes, 1)
      return activated(attributes.activation, plus(convolution, y.shape, bias, sum))
    },
    depthwiseConv2d: ({ inputs: [x, weight], attributes, outputs: [y] }, [map, filter, bias]) => {
      const [input, kernel] = [
        { values: map, shape: x.shape },
        { values: filter, shape: weight.shape },
      ]
      const convolution = slide(input, kernel, y.shape, attributes, x.shape[1])
      return activated(attributes.activation, plus(convolution, y.shape, bias))
    },
    upsampleConv2d: ({ inputs: [x, weight], attributes, outputs: [y] }, [map, filter, bias]) => {
      const [N, C, H, W] = x.shape as [number, number, number, number]
      const input = { values: doubled(map, x.shape), shape: [N, C, 2 * H, 2 * W] }
      const sliding = { stride: 1, pads: [1, 1, 1, 1], dilation: 1 } as const
      const convolution = slide(input, { values: filter, shape: weight.shape }, y.shape, sliding, 1)
      return activated(attributes.activation, plus(convolution, y.shape, bias))
    },
  }

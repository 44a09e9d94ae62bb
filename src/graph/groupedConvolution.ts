import { depthwiseConv2d, type ConvolutionOptions } from './convolution.ts'
import { add, reshape } from './elementwise.ts'
import { matMul } from './matrices.ts'
import { isOperation } from './program.ts'
import { constant, parameter } from './sources.ts'
import { featureMap, type Tensor } from './tensor.ts'

/**
 * Convolution in groups of as many inputs as outputs: x [N, C, H, W], weight [C, C / groups, kh, kw], a parameter. For each
 * place in a group one depthwise convolution over a map that repeats the channel of that place, all added: as many
 * multiplications as there are weights, in operations that every engine has.
 */
export function groupedConv2d(
  x: Tensor,
  weight: Tensor,
  groups: number,
  options: Pick<ConvolutionOptions, 'stride' | 'pads' | 'dilation'> = {},
): Tensor {
  const [N, C, H, W] = featureMap(x)
  const [outputs, members, ...kernel] = weight.shape
  if (outputs !== C || members * groups !== C) throw new Error('groupedConv2d: weights do not fit')
  if (!isOperation(weight.node, 'parameter')) throw new Error('groupedConv2d: the weights are no parameter')
  const { name } = weight.node.attributes
  const grouped = reshape(x, [N * groups, members, H * W])
  const parts = Array.from({ length: members }, (_, member) => {
    const repeated = matMul(selection(x, N * groups, members, member), grouped, { transposeA: true })
    const piece = parameter(x.graph, name, [C, 1, ...kernel], { offset: member, total: members })
    return depthwiseConv2d(reshape(repeated, x.shape), piece, options)
  })
  return parts.reduce(add)
}

/** [count, members, members], of which the transpose times a group's maps repeats that of one member. */
function selection({ graph }: Tensor, count: number, members: number, member: number): Tensor {
  const data = new Float32Array(count * members * members)
  for (let index = 0; index < count; index++)
    data.fill(1, (index * members + member) * members, (index * members + member + 1) * members)
  return constant(graph, data, [count, members, members])
}

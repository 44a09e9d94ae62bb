import type { NodeOf, Tensor } from '../../../graph/tensor.ts'
import { activate } from '../operators/activation.ts'
import { matMulTransposedLeft, matMulTransposedRight } from '../operators/matMul.ts'
import type { BlockedValues } from './values.ts'

/**
 * A convolution of maps of one pixel (squeeze and excitation) is a matrix product: the blocked kernels would walk over
 * weights that no second pixel uses. Its weight is stored as the matrix [I, O], padded.
 */
export function isPooled(x: Tensor, weight: Tensor): boolean {
  return [x.shape[2], x.shape[3], weight.shape[2], weight.shape[3]].every((extent) => extent === 1)
}

function rows(values: BlockedValues, tensor: Tensor): string {
  return values.emitter.reshape(values.blocked(tensor), [tensor.shape[0], values.padded(tensor.shape[1])])
}

function asMap(values: BlockedValues, matrix: string, tensor: Tensor): void {
  const dims = [tensor.shape[0], values.padded(tensor.shape[1]), 1, 1]
  values.setBlocked(tensor, values.emitter.reshape(matrix, dims))
}

export function pooledConvolution(values: BlockedValues, { inputs, attributes, outputs }: NodeOf<'conv2d'>): void {
  const { emitter } = values
  const [x, weight, bias, sum] = inputs
  const product = emitter.op('MatMul', [rows(values, x), values.blocked(weight)])
  const biased = bias ? emitter.add(product, values.blocked(bias)) : product
  const summed = sum ? emitter.add(biased, rows(values, sum)) : biased
  asMap(values, activate(emitter, attributes.activation, summed), outputs[0])
}

export function pooledInputGradient(values: BlockedValues, { inputs, outputs }: NodeOf<'conv2dInputGradient'>): void {
  const [dy, weight, sum] = inputs
  const gradient = matMulTransposedRight(values.emitter, rows(values, dy), values.blocked(weight))
  asMap(values, sum ? values.emitter.add(gradient, rows(values, sum)) : gradient, outputs[0])
}

export function pooledWeightGradient(values: BlockedValues, { inputs, outputs }: NodeOf<'conv2dWeightGradient'>): void {
  const [x, dy] = inputs
  values.setBlocked(outputs[0], matMulTransposedLeft(values.emitter, rows(values, x), rows(values, dy)))
}

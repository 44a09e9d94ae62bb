import type { BlockedMap, BlockedValues } from './values.ts'

/** 1 / √(variance + ε). */
export function inverseDeviation({ emitter }: BlockedValues, variance: string, epsilon: number): string {
  return emitter.op('Reciprocal', [emitter.op('Sqrt', [emitter.add(variance, emitter.float(epsilon))])])
}

/** Mean over the batch of a value per image and channel, [N, C, 1, 1] → [C]; each image weighted by its factor. */
export function channelMean(
  { emitter }: BlockedValues,
  perImage: string,
  { N, C }: BlockedMap,
  factor?: string,
): string {
  const weighted = factor === undefined ? perImage : emitter.multiply(perImage, emitter.reshape(factor, [N, 1, 1, 1]))
  return emitter.reshape(emitter.op('ReduceMean', [weighted, emitter.integers([0])], { keepdims: 0 }), [C])
}

/** E[x²] − E[x]²: two passes that only read; rounding below zero is clamped. */
export function batchStatistics(
  values: BlockedValues,
  map: BlockedMap,
): { readonly mean: string; readonly variance: string } {
  const { emitter } = values
  const mean = channelMean(values, values.globalAverage(map.name), map)
  const sumOfSquares = channelMean(values, values.dot(map.name, map.name, map), map)
  const meanOfSquares = emitter.multiply(sumOfSquares, emitter.float(1 / (map.H * map.W)))
  const variance = emitter.op('Relu', [emitter.subtract(meanOfSquares, emitter.multiply(mean, mean))])
  return { mean, variance }
}

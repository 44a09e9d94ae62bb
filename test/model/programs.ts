import { add, divide, multiply, negate, total } from '../../src/graph/elementwise.ts'
import { addGradients } from '../../src/graph/passes/addGradients.ts'
import { fuseConvolutions } from '../../src/graph/passes/fuseConvolutions.ts'
import { logSoftmax, oneHot, pixelRows } from '../../src/graph/pixels.ts'
import { program, type Program } from '../../src/graph/program.ts'
import { input } from '../../src/graph/sources.ts'
import { featureMap, type Tensor } from '../../src/graph/tensor.ts'
import type { Network } from '../../src/model/network.ts'

/** Mean over the pixels whose label is a class; labels come in as "target", int32 [N·H·W]. */
function crossEntropy(logits: Tensor): Tensor {
  const [N, classes, H, W] = featureMap(logits)
  const target = oneHot(input(logits.graph, 'target', [N * H * W], 'data', 'int32'), classes)
  const rows = logSoftmax(pixelRows(logits))
  return divide(negate(total(multiply(target, rows))), total(target))
}

/** One training step without an optimizer: outputs `loss` and `logits`, gradients, new running statistics. */
export function trainingProgram({ graph, logits, updates }: Network): Program {
  const outputs = new Map([
    ['loss', crossEntropy(logits)],
    ['logits', logits],
  ])
  return addGradients(program(graph, { outputs, updates }))
}

/** Output `logits`, every BatchNorm folded into the convolution before it. */
export function inferenceProgram({ graph, logits }: Network): Program {
  return fuseConvolutions(program(graph, { outputs: new Map([['logits', logits]]) }))
}

/** Outputs `feature_0` …, BatchNorms as they stand. */
export function featureProgram({ graph, features }: Pick<Network, 'graph' | 'features'>): Program {
  return program(graph, { outputs: new Map(features.map((feature, index) => [`feature_${index}`, add(feature, 0)])) })
}

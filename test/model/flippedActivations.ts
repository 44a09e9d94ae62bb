import { fuseBatchNorm } from '../../src/graph/passes/fuseBatchNorm.ts'
import { fuseConvolutions } from '../../src/graph/passes/fuseConvolutions.ts'
import { isOperation, liveNodes, program, type Program } from '../../src/graph/program.ts'
import type { Tensor } from '../../src/graph/tensor.ts'
import type { Network } from '../../src/model/network.ts'
import { evaluate } from '../engines/reference/evaluate.ts'
import { runLowered, type Feeds } from '../engines/runLowered.ts'
import type { Lower } from './modelParity.ts'

/** Inputs of activations that have kinks, by the key of the module before them. */
function kinkedInputs(source: Program): ReadonlyMap<string, Tensor> {
  const inputs = new Map<string, Tensor>()
  for (const node of liveNodes(source)) {
    const hasKinks = 'activation' in node.attributes && node.attributes.activation.startsWith('relu')
    if (isOperation(node, 'batchNorm') && hasKinks) inputs.set(node.scope, node.outputs[3])
    if (isOperation(node, 'activation') && node.attributes.kind.startsWith('relu'))
      inputs.set(node.scope, node.inputs[0])
  }
  return inputs
}

/** Which of the pieces of ReLU and ReLU6 a value is on. */
function piece(value: number): number {
  return value > 6 ? 2 : value > 0 ? 1 : 0
}

/**
 * How many inputs of ReLUs lie on another side of a kink in the float32 step than in float64: each changes every gradient
 * before it by 0.1–3 % (definitions 1.1), whatever the implementation.
 */
export async function flippedActivations(
  { graph, logits }: Network,
  lower: Lower,
  feeds: Required<Feeds>,
): Promise<number> {
  const source = program(graph, { outputs: new Map([['logits', logits]]) })
  const exact = fuseBatchNorm(source)
  const values = evaluate(exact, new Map([...feeds.parameters, ...feeds.buffers, ...feeds.data]))
  const step = fuseBatchNorm(fuseConvolutions(source))
  const inputs = kinkedInputs(step)
  const outputs = new Map([...inputs].map(([key, tensor]) => [`kink:${key}`, tensor]))
  const { results } = await runLowered(lower({ ...step, outputs }), feeds)

  let flipped = 0
  for (const [key, tensor] of kinkedInputs(exact)) {
    const ours = results.get(`kink:${key}`)!
    values.get(tensor)!.forEach((value, index) => {
      if (piece(value) !== piece(ours[index])) flipped++
    })
  }
  return flipped
}

import { isOperation, liveNodes, type Program } from '../../graph/program.ts'
import { presentInputs, type Node, type NodeOf, type Tensor } from '../../graph/tensor.ts'
import { explained } from '../onnx/deviceFailure.ts'
import { toHeld, toLogical } from './layout.ts'
import type { TensorFlow, Value } from './operator.ts'
import { operators } from './operators/table.ts'

/** One node, and the values that nobody reads after it. */
interface Step {
  readonly node: Node
  readonly lastRead: readonly Tensor[]
}
/** A node whose value comes from outside. */
export type SourceNode = NodeOf<'parameter'> | NodeOf<'input'>

/** Runs a program node by node; every value is disposed after its last reader. */
export class Interpreter {
  private readonly tf: TensorFlow
  private readonly steps: readonly Step[]
  private readonly results: readonly Tensor[]
  private readonly constants: ReadonlyMap<Tensor, Value>

  /** @param results what `run` gives back */
  constructor(tf: TensorFlow, program: Program, results: readonly Tensor[]) {
    this.tf = tf
    const nodes = liveNodes(program)
    this.results = results
    this.steps = stepsOf(nodes, new Set(results))
    this.constants = new Map(
      nodes
        .filter((node) => isOperation(node, 'constant'))
        .map(({ attributes: { data }, outputs: [tensor] }) => [tensor, heldConstant(tf, data, tensor)]),
    )
  }

  /**
   * @param feed the value of an input or parameter, in the order of the graph; it stays the caller's
   * @returns the results in the order of the graph; they are the caller's (or the surrounding `tidy`'s)
   * @throws UserError where memory ran out
   */
  run(feed: (source: SourceNode) => Value): readonly Value[] {
    try {
      return this.tf.tidy(() => this.runSteps(feed))
    } catch (error) {
      throw explained(error)
    }
  }

  private runSteps(feed: (source: SourceNode) => Value): Value[] {
    const { tf } = this
    const values = new Map<Tensor, Value>(this.constants)
    for (const { node, lastRead } of this.steps) {
      tf.tidy(() => this.outputsOf(node, values, feed)).forEach((value, index) => {
        values.set(node.outputs[index], value)
      })
      for (const tensor of lastRead) {
        values.get(tensor)!.dispose()
        values.delete(tensor)
      }
    }
    return this.results.map((tensor) => toLogical(tf, read(values, tensor)).clone())
  }

  private outputsOf(node: Node, values: ReadonlyMap<Tensor, Value>, feed: (source: SourceNode) => Value): Value[] {
    const { tf } = this
    if (isOperation(node, 'constant')) return []
    if (isOperation(node, 'input') || isOperation(node, 'parameter')) return [toHeld(tf, feed(node)).clone()]
    const inputs = (node.inputs as readonly (Tensor | undefined)[]).map((input) => input && read(values, input))
    const operator = operators[node.operation] as (
      tf: TensorFlow,
      inputs: readonly (Value | undefined)[],
      node: Node,
    ) => Value | readonly Value[]
    const outputs = operator(tf, inputs, node)
    // A clone costs nothing, and so an input that came through, or one value for two outputs, is disposed by itself.
    return [outputs].flat().map((output) => output.clone())
  }

  dispose(): void {
    this.constants.forEach((value) => {
      value.dispose()
    })
  }
}

function read(values: ReadonlyMap<Tensor, Value>, tensor: Tensor): Value {
  const value = values.get(tensor)
  if (value === undefined) throw new Error(`${tensor.node.operation} is read before it is made`)
  return value
}

/** Constants and results outlive the steps. */
function stepsOf(nodes: readonly Node[], results: ReadonlySet<Tensor>): readonly Step[] {
  const lastReader = new Map<Tensor, Node>()
  for (const node of nodes) {
    // What nobody reads goes at once.
    for (const tensor of [...node.outputs, ...presentInputs(node)]) lastReader.set(tensor, node)
  }
  const lastReads = new Map<Node, Tensor[]>(nodes.map((node) => [node, []]))
  for (const [tensor, node] of lastReader)
    if (!results.has(tensor) && !isOperation(tensor.node, 'constant')) lastReads.get(node)!.push(tensor)
  return nodes.map((node) => ({ node, lastRead: lastReads.get(node)! }))
}

function heldConstant(tf: TensorFlow, data: Float32Array | Int32Array, { shape }: Tensor): Value {
  const dtype = data instanceof Int32Array ? 'int32' : 'float32'
  return tf.tidy(() => toHeld(tf, tf.tensor(data, [...shape], dtype)))
}

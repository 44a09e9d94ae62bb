import { isOperation, type Program } from '../../graph/program.ts'
import type { Arrays, InferenceEngine, Tensors } from '../engine.ts'
import { packParameters } from '../onnx/storedTensors.ts'
import { Interpreter } from './interpreter.ts'
import type { TensorFlow } from './operator.ts'
import { State } from './state.ts'
import { StoredParameters } from './storedParameters.ts'
import { downloaded, loadBuffers, uploaded } from './values.ts'

export class TensorFlowInferenceEngine implements InferenceEngine {
  private readonly tf: TensorFlow
  private readonly program: Program
  private readonly stored: StoredParameters
  private readonly interpreter: Interpreter
  private readonly vectors = new State()
  private readonly buffers = new State()

  constructor(tf: TensorFlow, program: Program) {
    this.tf = tf
    this.program = program
    this.stored = new StoredParameters(program)
    this.interpreter = new Interpreter(tf, program, [...program.outputs.values()])
  }

  load(tensors: Tensors): void {
    const flat = new Float32Array(this.stored.length)
    packParameters(this.stored.all, tensors, flat)
    this.vectors.set('parameters', this.tf.tensor1d(flat))
    loadBuffers(this.tf, this.program, tensors, this.buffers)
  }

  async run(data: Arrays): Promise<Arrays> {
    const { tf, stored, vectors, buffers } = this
    const values = this.interpreter.run((node) => {
      if (isOperation(node, 'parameter')) return stored.read(tf, vectors.get('parameters'), node.attributes)
      return node.attributes.role === 'buffer' ? buffers.get(node.attributes.name) : uploaded(tf, data, node)
    })
    return downloaded(this.program.outputs.keys(), values)
  }

  dispose(): Promise<void> {
    for (const part of [this.vectors, this.buffers, this.interpreter]) part.dispose()
    return Promise.resolve()
  }
}

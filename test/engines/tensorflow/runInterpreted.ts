import { Interpreter } from '../../../src/engines/tensorflow/interpreter.ts'
import type { TensorFlow } from '../../../src/engines/tensorflow/operator.ts'
import { StoredParameters } from '../../../src/engines/tensorflow/storedParameters.ts'
import { packParameters, unpackParameters } from '../../../src/engines/onnx/storedTensors.ts'
import { isOperation, type Program } from '../../../src/graph/program.ts'
import type { Feeds, Results } from '../runLowered.ts'

type Array = Float32Array | Int32Array

/** Runs a program once through the interpreter. */
export function runInterpreted(tf: TensorFlow, program: Program, feeds: Feeds): Promise<Results> {
  const stored = new StoredParameters(program)
  const flat = new Float32Array(stored.length)
  const wholes = new Map(
    Array.from(feeds.parameters ?? [], ([key, data]) => [key, { shape: [data.length], data }] as const),
  )
  packParameters(stored.all, wholes, flat)
  const slopes = program.gradients.map(({ gradient }) => gradient)
  const interpreter = new Interpreter(tf, program, [...program.outputs.values(), ...slopes])
  const [outputs, gradient] = tf.tidy(() => {
    const vector = tf.tensor1d(flat)
    const values = interpreter.run((node) => {
      if (isOperation(node, 'parameter')) return stored.read(tf, vector, node.attributes)
      const { name, role } = node.attributes
      const [{ shape, dtype }] = node.outputs
      const values = (role === 'buffer' ? feeds.buffers : feeds.data)!.get(name)!
      return tf.tensor(values, [...shape], dtype === 'int32' ? dtype : 'float32')
    })
    const arrays = values.slice(0, program.outputs.size).map((value) => value.dataSync() as Array)
    if (slopes.length === 0) return [arrays, new Float32Array()]
    return [arrays, stored.flatten(tf, values.slice(program.outputs.size)).dataSync<'float32'>()]
  }) as unknown as readonly [Array[], Float32Array]
  interpreter.dispose()
  const names = [...program.outputs.keys()]
  return Promise.resolve({
    results: new Map(names.map((name, index) => [name, outputs[index]])),
    gradients: new Map(
      [...(slopes.length === 0 ? [] : unpackParameters(stored.all, gradient))].map(([key, { data }]) => [
        key,
        data as Float32Array,
      ]),
    ),
  })
}

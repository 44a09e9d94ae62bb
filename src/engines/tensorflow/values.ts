import type { NodeOf } from '../../graph/tensor.ts'
import { isOperation, liveNodes, type Program } from '../../graph/program.ts'
import type { Arrays, Tensors } from '../engine.ts'
import type { TensorFlow, Value } from './operator.ts'
import type { State } from './state.ts'

/** The values of one input in a batch. @throws Error where there are none */
export function uploaded(tf: TensorFlow, data: Arrays, { attributes: { name }, outputs }: NodeOf<'input'>): Value {
  if (!(name in data)) throw new Error(`the program wants "${name}"`)
  const [{ shape, dtype }] = outputs
  return tf.tensor(data[name], [...shape], dtype === 'int32' ? dtype : 'float32')
}

/** The values under their names, as arrays; disposes of the tensors. */
export async function downloaded(names: Iterable<string>, values: readonly Value[]): Promise<Arrays> {
  const arrays = await Promise.all(values.map((value) => value.data<'float32' | 'int32'>()))
  values.forEach((value) => {
    value.dispose()
  })
  return Object.fromEntries(Array.from(names, (name, index) => [name, arrays[index]]))
}

/** Fills the running statistics that a program reads. @throws Error where one is missing or of another size */
export function loadBuffers(tf: TensorFlow, program: Program, tensors: Tensors, buffers: State): void {
  for (const node of liveNodes(program)) {
    if (!isOperation(node, 'input') || node.attributes.role !== 'buffer') continue
    const { name } = node.attributes
    const [{ shape }] = node.outputs
    const tensor = tensors.get(name)
    if (tensor === undefined) throw new Error(`no tensor ${name}`)
    // A copy: a backend may keep the array that it is given. The size is checked against the shape.
    buffers.set(name, tf.tensor(Float32Array.from(tensor.data as Float32Array), [...shape]))
  }
}

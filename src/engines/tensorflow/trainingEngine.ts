import type { NamedTensor } from '../../core/safetensors.ts'
import { isOperation } from '../../graph/program.ts'
import type { Arrays, Chunk, Tensors, TrainingEngine, TrainingPlan } from '../engine.ts'
import { chunksOf } from '../onnx/chunks.ts'
import { packParameters, unpackParameters } from '../onnx/storedTensors.ts'
import { Interpreter, type SourceNode } from './interpreter.ts'
import type { TensorFlow, Value } from './operator.ts'
import { State } from './state.ts'
import { StoredParameters } from './storedParameters.ts'
import { downloaded, loadBuffers, uploaded } from './values.ts'

/** The state is tensors of the backend: a flat vector of parameters, one for each slot, and the running statistics. */
export class TensorFlowTrainingEngine implements TrainingEngine {
  private readonly tf: TensorFlow
  private readonly plan: TrainingPlan
  private readonly stored: StoredParameters
  private readonly gradientProgram: Interpreter
  private readonly updateProgram: Interpreter
  private readonly updated: readonly string[]
  private readonly chunks: readonly Chunk[]
  /** `parameters`, the slots, `gradient` and `sum`. */
  private readonly vectors = new State()
  private readonly buffers = new State()

  constructor(tf: TensorFlow, plan: TrainingPlan) {
    this.tf = tf
    this.plan = plan
    const { outputs, updates, gradients } = plan.gradient
    this.stored = new StoredParameters(plan.gradient)
    const results = [...outputs.values(), ...updates.values(), ...gradients.map(({ gradient }) => gradient)]
    this.gradientProgram = new Interpreter(tf, plan.gradient, results)
    this.chunks = chunksOf(plan.update, this.stored.all, this.stored.length)
    const step = plan.update.build(this.chunks)
    this.updated = [...step.outputs.keys()]
    this.updateProgram = new Interpreter(tf, step, [...step.outputs.values()])
    for (const name of ['parameters', 'gradient', ...plan.update.slots])
      this.vectors.set(name, tf.zeros([this.stored.length]))
  }

  load(tensors: Tensors): void {
    this.loadVector('parameters', tensors, '')
    loadBuffers(this.tf, this.plan.gradient, tensors, this.buffers)
  }

  async save(): Promise<Map<string, NamedTensor>> {
    return new Map([...(await this.saveVector('parameters', '')), ...(await this.saveBuffers())])
  }

  async saveBuffers(): Promise<Map<string, NamedTensor>> {
    const tensors = new Map<string, NamedTensor>()
    for (const [key, value] of this.buffers.entries())
      tensors.set(key, { shape: value.shape, data: (await value.data<'float32'>()).slice() })
    return tensors
  }

  loadSlots(tensors: Tensors): void {
    for (const slot of this.plan.update.slots) this.loadVector(slot, tensors, `${slot}/`)
  }

  async saveSlots(only = this.plan.update.slots): Promise<Map<string, NamedTensor>> {
    const tensors = new Map<string, NamedTensor>()
    for (const slot of only)
      (await this.saveVector(slot, `${slot}/`)).forEach((tensor, key) => tensors.set(key, tensor))
    return tensors
  }

  private loadVector(name: string, tensors: Tensors, prefix: string): void {
    const flat = new Float32Array(this.stored.length)
    packParameters(this.stored.all, tensors, flat, prefix)
    this.vectors.set(name, this.tf.tensor1d(flat))
  }

  private async saveVector(name: string, prefix: string): Promise<Map<string, NamedTensor>> {
    return unpackParameters(this.stored.all, await this.vectors.get(name).data<'float32'>(), prefix)
  }

  async computeGradient(data: Arrays): Promise<Arrays> {
    const { outputs, updates } = this.plan.gradient
    const [values, statistics, gradient] = this.tf.tidy(() => {
      const results = this.gradientProgram.run((node) => this.feed(node, data))
      const slopes = results.slice(outputs.size + updates.size)
      return [
        results.slice(0, outputs.size),
        results.slice(outputs.size, outputs.size + updates.size),
        this.stored.flatten(this.tf, slopes),
      ] as const
    }) as readonly [Value[], Value[], Value]
    this.vectors.set('gradient', gradient)
    ;[...updates.keys()].forEach((key, index) => {
      this.buffers.set(key, statistics[index])
    })
    return downloaded(outputs.keys(), values)
  }

  private feed(node: SourceNode, data: Arrays): Value {
    if (isOperation(node, 'parameter'))
      return this.stored.read(this.tf, this.vectors.get('parameters'), node.attributes)
    return node.attributes.role === 'buffer' ? this.buffers.get(node.attributes.name) : uploaded(this.tf, data, node)
  }

  /** Nothing waits here: the backend computes when it likes. */
  accumulateGradient(weight: number, isFirst: boolean): Promise<void> {
    if (this.plan.accumulate === 1) throw new Error('compiled without accumulation')
    const { tf, vectors } = this
    const sum = tf.tidy(() => {
      const part = tf.mul(vectors.get('gradient'), weight)
      return isFirst ? part : tf.add(part, vectors.get('sum'))
    })
    vectors.set('sum', sum)
    return Promise.resolve()
  }

  async update(scalars: Readonly<Record<string, number>>): Promise<number> {
    const { tf, vectors } = this
    const gradient = this.plan.accumulate > 1 ? 'sum' : 'gradient'
    const results = this.updateProgram.run((node) => {
      const { name } = node.attributes
      if (!name.includes(':')) return tf.tensor1d([scalars[name]])
      const [vector, chunk] = name.split(':')
      return this.chunkOf(vectors.get(vector === 'gradient' ? gradient : vector), Number(chunk))
    })
    let norm: Value | undefined
    const next = new Map<string, Value[]>()
    results.forEach((value, index) => {
      const [kind, vector, chunk] = this.updated[index].split(':')
      if (kind !== 'next') norm = value
      else if (chunk === '0') next.set(vector, [value])
      else next.get(vector)!.push(value)
    })
    for (const [vector, parts] of next) vectors.set(vector, this.joined(parts))
    const { gradientNorm } = await downloaded(['gradientNorm'], [norm!])
    return gradientNorm[0]
  }

  private chunkOf(vector: Value, chunk: number): Value {
    if (this.chunks.length === 1) return vector
    const offset = this.chunks.slice(0, chunk).reduce((sum, { length }) => sum + length, 0)
    return this.tf.slice(vector, [offset], [this.chunks[chunk].length])
  }

  /** Takes the parts over. */
  private joined(parts: readonly Value[]): Value {
    if (parts.length === 1) return parts[0]
    const vector = this.tf.concat([...parts])
    this.tf.dispose([...parts])
    return vector
  }

  dispose(): Promise<void> {
    for (const part of [this.vectors, this.buffers, this.gradientProgram, this.updateProgram]) part.dispose()
    return Promise.resolve()
  }
}

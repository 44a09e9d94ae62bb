import type { InferenceSession, Tensor } from 'onnxruntime-node'
import { Emitter } from '../emitter.ts'
import { createSession, run, tensorOver, type SessionOptions } from '../session.ts'

interface Copies {
  readonly toDevice: InferenceSession
  readonly toHost: InferenceSession
}

/**
 * Copies flat vectors between our memory and the device's. The runtime's binding for Node cannot read a buffer of the device
 * (`getData` ends the process), but a program can: one that hands on its input.
 */
export class DeviceMemory {
  private readonly options: SessionOptions
  private readonly copies = new Map<number, Promise<Copies>>()

  constructor(options: SessionOptions) {
    this.options = options
  }

  /** The caller disposes the tensor, before this memory is disposed. */
  async upload(vector: Float32Array): Promise<Tensor> {
    const { toDevice } = await this.copiesOf(vector.length)
    return (await run(toDevice, { source: tensorOver(vector, [vector.length]) }))['copy']
  }

  async download(tensor: Tensor): Promise<Float32Array> {
    if (tensor.location === 'cpu') return Float32Array.from(tensor.data as Float32Array)
    const { toHost } = await this.copiesOf(tensor.size)
    const { copy } = await run(toHost, { source: tensor })
    return copy.data as Float32Array
  }

  async dispose(): Promise<void> {
    for (const made of this.copies.values()) {
      const { toDevice, toHost } = await made
      await toDevice.release()
      await toHost.release()
    }
    this.copies.clear()
  }

  private copiesOf(length: number): Promise<Copies> {
    const known = this.copies.get(length)
    if (known !== undefined) return known
    const made = this.makeCopies(length)
    this.copies.set(length, made)
    return made
  }

  private async makeCopies(length: number): Promise<Copies> {
    const emitter = new Emitter('gpu')
    emitter.output('copy', emitter.input('source', 'float32', [length]), 'float32', [length])
    return {
      toDevice: await createSession(emitter, { ...this.options, onDevice: ['copy'] }),
      toHost: await createSession(emitter, this.options),
    }
  }
}

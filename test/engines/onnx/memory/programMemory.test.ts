import { describe, expect, it } from 'vitest'
import { Emitter } from '../../../../src/engines/onnx/emitter.ts'
import { programMemory } from '../../../../src/engines/onnx/memory/programMemory.ts'
import type { LoweredProgram } from '../../../../src/engines/onnx/lowering.ts'

const [C, H, W] = [2, 8, 16]
const mapBytes = 4 * C * H * W

function memoryOf(emitter: Emitter): ReturnType<typeof programMemory> {
  const { inputs, outputs } = emitter
  const lowered: LoweredProgram = {
    emitter,
    parameters: [],
    buffers: [],
    data: inputs,
    results: outputs,
    flatLength: 10,
  }
  return programMemory(lowered)
}

/** An input map; every test makes its result from it. */
function graph(): { readonly emitter: Emitter; readonly x: string; readonly result: (name: string) => void } {
  const emitter = new Emitter()
  const x = emitter.input('x', 'float32', [1, C, H, W])
  const result = (name: string): void => {
    emitter.output('y', name, 'float32', [1, C, H, W])
  }
  return { emitter, x, result }
}

describe('the memory of a program', () => {
  it('counts what lies outside apart, and views once', () => {
    const { emitter, x, result } = graph()
    const view = emitter.reshape(emitter.op('Softplus', [x]), [C, H * W])
    result(emitter.reshape(emitter.op('Softplus', [view]), [1, C, H, W]))
    const { activationBytes, dataBytes, resultBytes, parameterBytes, isOnCard } = memoryOf(emitter)
    // A value and its successor; the result has a place of its own.
    expect(activationBytes).toBe(2 * mapBytes)
    expect({ dataBytes, resultBytes, parameterBytes, isOnCard }).toEqual({
      dataBytes: mapBytes,
      resultBytes: mapBytes,
      parameterBytes: 40,
      isOnCard: false,
    })
  })

  it('writes over an operand that nobody else reads', () => {
    const { emitter, x, result } = graph()
    let value = emitter.op('Softplus', [x])
    for (let round = 0; round < 5; round++) value = emitter.op('Sigmoid', [value])
    result(emitter.op('Softplus', [value]))
    expect(memoryOf(emitter).activationBytes).toBe(mapBytes)
  })

  it('keeps a value until its last reader has run', () => {
    const { emitter, x, result } = graph()
    const kept = emitter.op('Softplus', [x])
    const middle = emitter.op('Softplus', [emitter.op('Softplus', [kept])])
    result(emitter.op('Max', [middle, kept]))
    expect(memoryOf(emitter).activationBytes).toBe(3 * mapBytes)
  })

  it('holds the place of a dead value for a later one of the same extents, and of no others', () => {
    const peakWith = (dims: readonly number[]): number => {
      const { emitter, x, result } = graph()
      const dead = emitter.op('Softplus', [x])
      const sum = emitter.reduceSum(dead, [1, 2, 3], true)
      // While `large` lives, the place of `dead` is either held for `late` or given back.
      const large = emitter.op('Expand', [sum, emitter.integers([1, 9 * C, H, W])])
      const factor = emitter.reduceSum(large, [1, 2, 3], true)
      const late = emitter.op('Expand', [emitter.reshape(factor, dims.map(() => 1)), emitter.integers(dims)]) // prettier-ignore
      result(emitter.reshape(emitter.op('Softplus', [late]), [1, C, H, W]))
      return memoryOf(emitter).activationBytes
    }
    expect(peakWith([1, C, H, W]) - peakWith([1, C, H / 2, 2 * W])).toBe(mapBytes)
  })
})

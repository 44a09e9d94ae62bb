import { describe, expect, it } from 'vitest'
import { Emitter } from '../../../src/engines/onnx/emitter.ts'
import { hoistWeights } from '../../../src/engines/onnx/hoistWeights.ts'
import { lowerPlain } from '../../../src/engines/onnx/plain/lowerPlain.ts'
import { OnnxInferenceEngine } from '../../../src/engines/onnx/inferenceEngine.ts'
import { initialState } from '../../../src/model/initialize.ts'
import { foldBatchNorm } from '../../../src/model/stateDict.ts'
import { inferenceProgram } from '../../../src/train/programs.ts'

const isWeight = (name: string): boolean => name.startsWith('w')

describe('work on weights alone', () => {
  it('moves into a graph of its own, with what the rest reads of it as outputs', () => {
    const emitter = new Emitter()
    const [x, w] = [emitter.input('x', 'float32', [2, 2]), emitter.input('w', 'float32', [4])]
    const square = emitter.reshape(emitter.op('Neg', [w]), [2, 2])
    emitter.output('y', emitter.op('MatMul', [emitter.op('MatMul', [x, square]), emitter.reshape(w, [2, 2])]), 'float32', [2, 2]) // prettier-ignore
    const { preparation, forward } = hoistWeights(emitter, isWeight)
    expect(preparation!.nodes.map(({ type }) => type)).toEqual(['Neg', 'Reshape', 'Reshape'])
    expect(preparation!.inputs.map(({ name }) => name)).toEqual(['w'])
    const rest = forward(() => [2, 2])
    expect(rest.nodes.map(({ type }) => type)).toEqual(['MatMul', 'MatMul'])
    expect(rest.inputs.map(({ name }) => name)).toEqual(['x', ...preparation!.outputs.map(({ name }) => name)])
    expect(rest.constants).toEqual([])
  })

  it('stays where nothing is made of the weights, or where it is the result', () => {
    const emitter = new Emitter()
    const w = emitter.input('w', 'float32', [4])
    emitter.output('y', emitter.op('Neg', [w]), 'float32', [4])
    const { preparation, forward } = hoistWeights(emitter, isWeight)
    expect(preparation).toBeUndefined()
    expect(forward(() => []).inputs.map(({ name }) => name)).toEqual(['w'])
  })

  it('is done again for every checkpoint', async () => {
    const model = {
      arch: 'Unet',
      encoder_name: 'resnet18',
      encoder_weights: null,
      encoder_depth: 3,
      in_channels: 3,
      decoder_channels: [8, 8, 8],
      decoder_interpolation: 'nearest',
      decoder_attention_type: null,
    }
    const size = { batch: 1, height: 32, width: 32, classes: 3 }
    const { network, program } = inferenceProgram(model, size, { probabilities: true })
    const image = Float32Array.from({ length: 3 * 32 * 32 }, (_, index) => Math.sin(index))
    const predicted = async (seeds: readonly number[]): Promise<number[]> => {
      const engine = await OnnxInferenceEngine.compile(lowerPlain(program), { threads: 1 })
      let found: number[] = []
      for (const seed of seeds) {
        engine.load(foldBatchNorm(initialState(network.declarations, seed), program.folds))
        found = [...(await engine.run({ image }))['probabilities']]
      }
      await engine.dispose()
      return found
    }
    const [second, other] = [await predicted([1, 2]), await predicted([1])]
    expect(second).toEqual(await predicted([2]))
    expect(second).not.toEqual(other)
  })
})

import { describe, expect, it } from 'vitest'
import { onnxEngine } from '../../../src/engines/onnx/onnxEngine.ts'
import { initialState } from '../../../src/model/initialize.ts'
import { optimizers } from '../../../src/train/optimizers/registry.ts'
import { trainingProgram } from '../../../src/train/programs.ts'
import { updatePlan } from '../../../src/train/updatePlan.ts'

const size = { batch: 1, height: 32, width: 32, classes: 3 }
const model = {
  arch: 'Unet',
  encoder_name: 'resnet18',
  encoder_weights: null,
  encoder_depth: 3,
  in_channels: 3,
  decoder_channels: [16, 8, 8],
}

describe('training on the processor', () => {
  it.each([false, true])(
    'holds as much memory after 300 steps as after 50 (activations computed again: %s)',
    async (isCheckpointing) => {
      const { engine } = await onnxEngine({ threads: 2, lowering: 'auto' })
      const loss = [{ name: 'CrossEntropyLoss', weight: 1 }]
      const { network, gradient } = trainingProgram(model, loss, size, { isCheckpointing })
      const adam = optimizers.get('Adam')
      const args = adam.arguments.parse({})
      const training = await engine.compileTraining({ gradient, update: updatePlan(adam, args, 1), accumulate: 1 })
      training.load(initialState(network.declarations, 0))
      const data = { image: new Float32Array(3 * 32 * 32).fill(0.5), target: new Int32Array(32 * 32) }
      const bytes: number[] = []
      for (let step = 1; step <= 300; step++) {
        await training.computeGradient(data)
        await training.update(adam.scalars(args, 1e-3, step))
        if (step % 50 === 0) bytes.push(process.memoryUsage().rss)
      }
      await training.dispose()
      // The state's vectors are 3 MB each: one that stayed behind in each step would be 700 MB. The JavaScript heap breathes.
      expect(bytes).toHaveLength(6)
      expect(bytes[5] - bytes[0]).toBeLessThan(80 * 2 ** 20)
    },
  )
})

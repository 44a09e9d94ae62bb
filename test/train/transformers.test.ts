import { describe, expect, it } from 'vitest'
import { stream } from '../../src/core/random.ts'
import { onnxEngine } from '../../src/engines/onnx/onnxEngine.ts'
import { initialState } from '../../src/model/initialize.ts'
import { optimizers } from '../../src/train/optimizers/registry.ts'
import { trainingProgram } from '../../src/train/programs.ts'
import { randomFactors } from '../../src/train/randomFactors.ts'
import { updatePlan } from '../../src/train/updatePlan.ts'

const size = { batch: 2, height: 32, width: 32, classes: 3 }
const losses = [{ name: 'CrossEntropyLoss', weight: 1 }]
const common = { encoder_weights: null, in_channels: 3 }
const networks = [
  { arch: 'Segformer', encoder_name: 'mit_b0', encoder_depth: 5, decoder_segmentation_channels: 32, ...common },
  { arch: 'Unet', encoder_name: 'tu-convnext_tiny', encoder_depth: 3, decoder_channels: [32, 16, 16], ...common },
]

describe.each(networks)('$arch over $encoder_name', (model) => {
  it.each([
    { lowering: 'auto', isCheckpointing: false },
    { lowering: 'plain', isCheckpointing: true },
  ] as const)('learns a batch ($lowering)', async ({ lowering, isCheckpointing }) => {
    const { engine } = await onnxEngine({ threads: 1, lowering })
    const { network, gradient } = trainingProgram(model, losses, size, isCheckpointing)
    const adam = optimizers.get('AdamW')
    const args = adam.arguments.parse({})
    const training = await engine.compileTraining({ gradient, update: updatePlan(adam, args, 1), accumulate: 1 })
    const begun = initialState(network.declarations, 0)
    training.load(begun)
    const random = stream(3, 'test')
    const image = Float32Array.from({ length: 3 * 2 * 32 * 32 }, () => random.normal())
    // The brighter half of the pixels by their first channel, which a network can see.
    const target = Int32Array.from({ length: 2 * 32 * 32 }, (_, pixel) =>
      Number(image[Math.floor(pixel / 1024) * 3 * 1024 + (pixel % 1024)] > 0),
    )
    const found: number[] = []
    for (let step = 1; step <= 12; step++) {
      const factors = randomFactors(network.randomInputs, size.batch, 0, step)
      found.push((await training.computeGradient({ image, target, ...factors }))['loss'][0])
      await training.update(adam.scalars(args, 2e-3, step))
    }
    expect(found.at(-1)).toBeLessThan(0.9 * found[0])
    const saved = await training.save()
    for (const { key, shape, kind } of network.declarations) {
      const tensor = saved.get(key)
      if (kind === 'parameter' && tensor !== undefined) expect([key, tensor.shape]).toEqual([key, shape])
    }
    await training.dispose()
  })
})

import type { ModelConfig } from '../../../src/core/experiment.ts'
import { stream } from '../../../src/core/random.ts'
import type { Engine } from '../../../src/engines/engine.ts'
import { initialState } from '../../../src/model/initialize.ts'
import { optimizers } from '../../../src/train/optimizers/registry.ts'
import { trainingProgram } from '../../../src/train/programs.ts'
import { randomFactors } from '../../../src/train/randomFactors.ts'
import { updatePlan } from '../../../src/train/updatePlan.ts'

const losses = [
  { name: 'CrossEntropyLoss', weight: 1 },
  { name: 'DiceLoss', weight: 0.5 },
]
const sgd = optimizers.get('SGD')
const args = sgd.arguments.parse({ momentum: 0.9, weight_decay: 1e-4 })
// Where rounding takes a value over a kink (ReLU, the largest of a window), two trainings part: with ten times this, the two
// lowerings of ONNX Runtime are 5e-4 from each other after 20 steps too.
const learningRate = 5e-4

const shallow = {
  arch: 'Unet',
  encoder_weights: null,
  encoder_depth: 3,
  in_channels: 3,
  decoder_channels: [20, 16, 16],
}
/** A U-Net of three levels over an encoder. */
export const unetOver = (encoder_name: string): ModelConfig => ({ ...shallow, encoder_name })

export const segFormer: ModelConfig = {
  arch: 'Segformer',
  encoder_name: 'mit_b0',
  encoder_weights: null,
  encoder_depth: 5,
  in_channels: 3,
  decoder_segmentation_channels: 16,
}

/** Losses of the first steps of a network, on two images of extent × extent. */
export async function networkLosses(
  engine: Engine,
  model: ModelConfig,
  extent: number,
  count: number,
): Promise<readonly number[]> {
  const size = { batch: 2, height: extent, width: extent, classes: 3 }
  const pixels = size.batch * extent * extent
  const random = stream(7, 'test')
  const image = Float32Array.from({ length: 3 * pixels }, () => random.normal())
  const target = Int32Array.from({ length: pixels }, () => random.integer(4)).map((label) =>
    label === 3 ? 255 : label,
  )
  const { network, gradient } = trainingProgram(model, losses, size)
  const training = await engine.compileTraining({ gradient, update: updatePlan(sgd, args, 1), accumulate: 1 })
  training.load(initialState(network.declarations, 0))
  const found: number[] = []
  for (let step = 1; step <= count; step++) {
    const factors = randomFactors(network.randomInputs, size.batch, 0, step)
    found.push((await training.computeGradient({ image, target, ...factors }))['loss'][0])
    await training.update(sgd.scalars(args, learningRate, step))
  }
  await training.dispose()
  return found
}

import { parseExperiment } from '../../src/core/experiment.ts'
import { stream } from '../../src/core/random.ts'
import type { Engine } from '../../src/engines/engine.ts'
import { initialState } from '../../src/model/initialize.ts'
import { experimentSchema } from '../../src/train/experimentSchema.ts'
import { optimizers } from '../../src/train/optimizers/registry.ts'
import { trainingProgram } from '../../src/train/programs.ts'
import { randomFactors } from '../../src/train/randomFactors.ts'
import { updatePlan } from '../../src/train/updatePlan.ts'
import type { SmokeNetwork } from './networks.ts'

const [batch, classes] = [2, 3]

/** The losses of `steps` steps of Adam, from random weights, on one batch of bright, grey and dark rectangles. */
export async function fewSteps(engine: Engine, of: SmokeNetwork, steps: number): Promise<number[]> {
  const conditions = { model: { arch: of.arch, encoder_name: of.encoder, encoder_weights: null } }
  const { model } = parseExperiment(conditions, experimentSchema, () => ({}))
  const shape = { batch, height: of.side, width: of.side, classes }
  const { network, gradient } = trainingProgram(model, [{ name: 'CrossEntropyLoss', weight: 1 }], shape)
  const adam = optimizers.get('Adam')
  const args = adam.arguments.parse({})
  const training = await engine.compileTraining({ gradient, update: updatePlan(adam, args, null), accumulate: 1 })
  try {
    training.load(initialState(network.declarations, 0))
    const inputs = rectangles(of.side)
    const losses: number[] = []
    for (let step = 1; step <= steps; step++) {
      const factors = randomFactors(network.randomInputs, batch, 0, step)
      const results = await training.computeGradient({ ...inputs, ...factors })
      losses.push(results['loss'][0])
      await training.update(adam.scalars(args, 1e-3, step))
    }
    return losses
  } finally {
    await training.dispose()
  }
}

/** image [batch, 3, side, side] and target [batch, side, side]: the class is the brightness, under a little noise. */
function rectangles(side: number): { image: Float32Array; target: Int32Array } {
  const noise = stream(0, 'smoke')
  const target = Int32Array.from({ length: batch * side * side }, (_, index) => {
    const [x, y] = [index % side, Math.floor(index / side) % side]
    return x > side / 4 && y > side / 4 ? (x > (3 * side) / 4 ? 2 : 1) : 0
  })
  const image = Float32Array.from({ length: 3 * target.length }, (_, index) => {
    const inImage = index % (side * side)
    const label = target[Math.floor(index / (3 * side * side)) * side * side + inImage]
    return label - 1 + 0.2 * (noise.next() - 0.5)
  })
  return { image, target }
}

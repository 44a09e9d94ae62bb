// The process of `npm run bench -- memory`: trains on random images and prints its memory at each hundred steps as a JSON line.
import { stream } from '../src/core/random.ts'
import { onnxEngine, type OnnxEngineOptions } from '../src/engines/onnx/onnxEngine.ts'
import { initialState } from '../src/model/initialize.ts'
import { optimizers } from '../src/train/optimizers/registry.ts'
import { trainingProgram } from '../src/train/programs.ts'
import { randomFactors } from '../src/train/randomFactors.ts'
import { updatePlan } from '../src/train/updatePlan.ts'
import { benchModel } from './benchModel.ts'

interface Arguments {
  readonly network: string
  readonly batch: number
  readonly size: number
  readonly threads: number
  readonly lowering: OnnxEngineOptions['lowering']
  /** Multiples of a hundred, ascending. */
  readonly steps: readonly number[]
}

const { network: name, batch, size, threads, lowering, steps } = JSON.parse(process.argv[2]) as Arguments
const classes = 12
const { engine } = await onnxEngine({ threads, lowering })
const shape = { batch, height: size, width: size, classes }
const { network, gradient } = trainingProgram(benchModel(name), [{ name: 'CrossEntropyLoss', weight: 1 }], shape)
const adam = optimizers.get('Adam')
const args = adam.arguments.parse({})
const training = await engine.compileTraining({ gradient, update: updatePlan(adam, args, null), accumulate: 1 })
training.load(initialState(network.declarations, 0))
const random = stream(0, 'bench')
const [image, target] = [new Float32Array(3 * batch * size ** 2), new Int32Array(batch * size ** 2)]
const mib: number[] = []
for (let step = 1; step <= steps.at(-1)!; step++) {
  image.forEach((_, index) => (image[index] = random.next()))
  target.forEach((_, index) => (target[index] = random.integer(classes)))
  await training.computeGradient({ image, target, ...randomFactors(network.randomInputs, batch, 0, step) })
  await training.update(adam.scalars(args, 1e-3, step))
  if (step % 100 !== 0) continue
  // As a checkpoint does.
  await training.save()
  await training.saveSlots()
  if (steps.includes(step)) mib.push(Math.round(process.memoryUsage.rss() / 2 ** 20))
}
await training.dispose()
console.log(JSON.stringify({ mib }))

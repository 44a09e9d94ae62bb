// One process of `npm run bench -- step`: times whole training steps and prints one JSON line.
import { stream } from '../src/core/random.ts'
import { onnxEngine, type OnnxEngineOptions } from '../src/engines/onnx/onnxEngine.ts'
import { initialState } from '../src/model/initialize.ts'
import { optimizers } from '../src/train/optimizers/registry.ts'
import { trainingProgram } from '../src/train/programs.ts'
import { updatePlan } from '../src/train/updatePlan.ts'
import { randomFactors } from '../src/train/randomFactors.ts'
import { peakMemory } from '../src/train/memory/peakMemory.ts'
import { benchModel } from './benchModel.ts'

interface Arguments {
  readonly network: string
  readonly batch: number
  readonly threads: number
  readonly size: number
  readonly steps: number
  readonly lowering: OnnxEngineOptions['lowering']
  readonly profile?: string
  readonly isCheckpointing?: boolean
}

const {
  network: name,
  batch,
  threads,
  size,
  steps,
  lowering,
  profile,
  isCheckpointing,
} = JSON.parse(process.argv[2]) as Arguments
const [classes, warmUp] = [12, 3]
const began = performance.now()
const { engine } = await onnxEngine({ threads, lowering, profile })
const shape = { batch, height: size, width: size, classes }
const loss = [{ name: 'CrossEntropyLoss', weight: 1 }]
const { network, gradient } = trainingProgram(benchModel(name), loss, shape, { isCheckpointing })
const adam = optimizers.get('Adam')
const args = adam.arguments.parse({})
const training = await engine.compileTraining({ gradient, update: updatePlan(adam, args, null), accumulate: 1 })
training.load(initialState(network.declarations, 0))

const pixels = batch * size ** 2
const random = stream(0, 'bench')
const image = Float32Array.from({ length: 3 * pixels }, () => random.next())
const target = Int32Array.from({ length: pixels }, (_, index) =>
  index % size ** 2 < 8 * size ? 255 : random.integer(classes),
)
const times: number[] = []
const losses: number[] = []
let first = 0
for (let step = 1; step <= steps + warmUp; step++) {
  const start = performance.now()
  const results = await training.computeGradient({
    image,
    target,
    ...randomFactors(network.randomInputs, batch, 0, step),
  })
  await training.update(adam.scalars(args, 1e-3, step))
  const elapsed = performance.now() - start
  if (step === 1) first = performance.now() - began
  if (step > warmUp) times.push(elapsed)
  losses.push(Number(results['loss'][0].toFixed(6)))
}
await training.dispose()
times.sort((a, b) => a - b)
const mib = peakMemory() / 2 ** 20
console.log(JSON.stringify({ ms: times[times.length >> 1], min: times[0], first_step_ms: first, mib, losses }))

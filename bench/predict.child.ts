// One process of `npm run bench -- predict`: times forward passes with labels and prints one JSON line.
import { stream } from '../src/core/random.ts'
import { onnxEngine, type OnnxEngineOptions } from '../src/engines/onnx/onnxEngine.ts'
import { initialState } from '../src/model/initialize.ts'
import { foldBatchNorm } from '../src/model/stateDict.ts'
import { inferenceProgram } from '../src/train/programs.ts'
import { peakMemory } from '../src/train/memory/peakMemory.ts'
import { benchModel } from './benchModel.ts'

interface Arguments {
  readonly encoder: string
  readonly batch: number
  readonly threads: number
  readonly size: number
  readonly steps: number
  readonly lowering: OnnxEngineOptions['lowering']
  readonly profile?: string
}

const { encoder, batch, threads, size, steps, lowering, profile } = JSON.parse(process.argv[2]) as Arguments
const [classes, warmUp] = [12, 3]
const { engine } = await onnxEngine({ threads, lowering, profile })
const { network, program } = inferenceProgram(
  benchModel(`Unet/${encoder}`),
  { batch, height: size, width: size, classes },
  {},
)
const inference = await engine.compileInference(program)
inference.load(foldBatchNorm(initialState(network.declarations, 0), program.folds))
const random = stream(0, 'bench')
const image = Float32Array.from({ length: 3 * batch * size ** 2 }, () => random.next())
const times: number[] = []
for (let step = 0; step < steps + warmUp; step++) {
  const start = performance.now()
  await inference.run({ image })
  if (step >= warmUp) times.push(performance.now() - start)
}
await inference.dispose()
times.sort((a, b) => a - b)
const mb = peakMemory() / 2 ** 20
console.log(JSON.stringify({ ms: times[times.length >> 1], min: times[0], mb }))

import { cpus } from 'node:os'
import { stream } from '../src/core/random.ts'
import { onnxEngine } from '../src/engines/onnx/onnxEngine.ts'
import { initialState } from '../src/model/initialize.ts'
import { optimizers } from '../src/train/optimizers/registry.ts'
import { trainingProgram } from '../src/train/programs.ts'
import { randomFactors } from '../src/train/randomFactors.ts'
import { updatePlan } from '../src/train/updatePlan.ts'

/** Resident memory of a process that trains, and where it stood: whether it grows. */
interface MemoryCurve {
  readonly cpu: string
  readonly node: string
  readonly date: string
  readonly network: string
  readonly lowering: string
  readonly batch: number
  readonly size: number
  readonly steps: readonly number[]
  readonly rss_mib: readonly number[]
}

const [batch, size, classes, every] = [2, 64, 12, 100]
const model = {
  arch: 'Unet',
  encoder_name: 'mobilenet_v2',
  encoder_weights: null,
  encoder_depth: 5,
  in_channels: 3,
  decoder_channels: [256, 128, 64, 32, 16],
  decoder_interpolation: 'nearest',
  decoder_attention_type: null,
}

/** Trains on random images; reads weights and optimizer state out every 100 steps, as a checkpoint does. */
async function memoryCurve(count: number, threads: number): Promise<MemoryCurve> {
  const { engine } = await onnxEngine({ threads, lowering: 'auto' })
  const shape = { batch, height: size, width: size, classes }
  const { network, gradient } = trainingProgram(model, [{ name: 'CrossEntropyLoss', weight: 1 }], shape)
  const adam = optimizers.get('Adam')
  const args = adam.arguments.parse({})
  const training = await engine.compileTraining({ gradient, update: updatePlan(adam, args, null), accumulate: 1 })
  training.load(initialState(network.declarations, 0))
  const random = stream(0, 'bench')
  const [image, target] = [new Float32Array(3 * batch * size ** 2), new Int32Array(batch * size ** 2)]
  const steps: number[] = []
  const rss: number[] = []
  for (let step = 1; step <= count; step++) {
    image.forEach((_, index) => (image[index] = random.next()))
    target.forEach((_, index) => (target[index] = random.integer(classes)))
    const factors = randomFactors(network.randomInputs, batch, 0, step)
    await training.computeGradient({ image, target, ...factors })
    await training.update(adam.scalars(args, 1e-3, step))
    if (step % every !== 0) continue
    await training.save()
    await training.saveSlots()
    steps.push(step)
    rss.push(Math.round(process.memoryUsage.rss() / 2 ** 20))
  }
  await training.dispose()
  return {
    cpu: cpus()[0]?.model.trim() ?? '',
    node: process.versions.node,
    date: new Date().toISOString().slice(0, 10),
    network: `${model.arch}/${model.encoder_name}`,
    lowering: engine.lowering,
    batch,
    size,
    steps,
    rss_mib: rss,
  }
}

/** Prints the curve of 2,000 steps: as JSON, or a line for each point. */
export async function printMemoryCurve(isJson: boolean, threads: number): Promise<void> {
  const curve = await memoryCurve(2000, threads)
  if (isJson) console.log(JSON.stringify(curve))
  else for (const [index, step] of curve.steps.entries()) console.log(`step ${step}   ${curve.rss_mib[index]} MiB`)
}

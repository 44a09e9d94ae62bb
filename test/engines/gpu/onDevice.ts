import type { ModelConfig } from '../../../src/core/experiment.ts'
import { engineDifference } from '../../../src/engines/engineTrial.ts'
import type { Engine } from '../../../src/engines/engine.ts'
import { gpuEngine } from '../../../src/engines/onnx/gpu/gpuEngine.ts'
import { onnxEngine } from '../../../src/engines/onnx/onnxEngine.ts'
import { architectures } from '../../../src/model/decoders/registry.ts'
import { initialState } from '../../../src/model/initialize.ts'
import { foldBatchNorm } from '../../../src/model/stateDict.ts'
import { losses } from '../../../src/train/losses/registry.ts'
import { optimizers } from '../../../src/train/optimizers/registry.ts'
import { inferenceProgram, trainingProgram } from '../../../src/train/programs.ts'
import { updatePlan } from '../../../src/train/updatePlan.ts'
import { report } from './childReport.ts'
import { memoryOverSteps } from './memoryOverSteps.ts'
import { optimizerSteps } from './optimizerSteps.ts'
import { batch, compiled, steps, update } from './smallTraining.ts'

// A process of its own: where the Vulkan driver lies must be known before it starts. Prints one JSON object for each fact.

/** A real network, small. */
const size = { batch: 2, height: 16, width: 16, classes: 3 }
const model = {
  arch: 'Unet',
  encoder_name: 'mobilenet_v2',
  encoder_weights: null,
  encoder_depth: 3,
  in_channels: 3,
  decoder_channels: [16, 12, 8],
}

const gpu = gpuEngine({ provider: 'webgpu', device: 'test', threads: 1, forbidsFallback: true })
const { engine: cpu } = await onnxEngine({ threads: 1, lowering: 'plain' })

/** The message of a session that was refused, or null. */
async function refusal(start: () => Promise<{ dispose(): Promise<void> }>): Promise<string | null> {
  try {
    await (await start()).dispose()
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function placement(): Promise<Record<string, string | null>> {
  const found: Record<string, string | null> = {}
  const adam = optimizers.get('Adam')
  const adamPlan = updatePlan(adam, adam.arguments.parse({}), 1)
  const full = { ...size, height: 128, width: 128 }
  const unets = ['resnet18', 'timm-efficientnet-b0', 'tu-tf_efficientnet_lite0'].map((encoder_name) => ({
    ...model,
    encoder_name,
    encoder_depth: 5,
    decoder_channels: [32, 24, 16, 12, 8],
  }))
  const others = architectures.all.flatMap(({ name: arch, arguments: own }) => {
    if (arch === 'Unet') return []
    const encoder_name = arch === 'HRNetV2' ? 'hrnet_w18_small' : 'resnet18'
    return [{ encoder_weights: null, encoder_depth: 5, in_channels: 3, ...own.parse({}), arch, encoder_name }]
  })
  const networks: readonly ModelConfig[] = [...unets, ...others]
  const allLosses = losses.names.map((name) => ({ name, weight: 1 }))
  for (const network of networks) {
    const { gradient } = trainingProgram(network, allLosses, full)
    found[`training ${network.arch}/${network.encoder_name}`] = await refusal(() =>
      gpu.compileTraining({ gradient, update: adamPlan, accumulate: 2 }),
    )
    found[`inference ${network.arch}/${network.encoder_name}`] = await refusal(() =>
      gpu.compileInference(inferenceProgram(network, full, { loss: allLosses }).program),
    )
  }
  const { gradient } = trainingProgram(model, [{ name: 'CrossEntropyLoss', weight: 1 }], size)
  for (const optimizer of optimizers.all)
    found[`optimizer ${optimizer.name}`] = await refusal(() =>
      gpu.compileTraining({ gradient, update: updatePlan(optimizer, optimizer.arguments.parse({}), 1), accumulate: 1 }),
    )
  return found
}

async function lossesOf(engine: Engine, count: number): Promise<readonly number[]> {
  const training = await compiled(engine)
  const found = await steps(training, 1, count)
  await training.dispose()
  return found
}

/** Three steps on one engine, three more on the other, from what the first saved. */
async function handedOn(first: Engine, second: Engine): Promise<readonly number[]> {
  const begun = await compiled(first)
  const found = await steps(begun, 1, 3)
  const [weights, slots] = [await begun.save(), await begun.saveSlots()]
  await begun.dispose()
  const gone = await compiled(second)
  gone.load(weights)
  gone.loadSlots(slots)
  found.push(...(await steps(gone, 4, 6)))
  await gone.dispose()
  return found
}

/** Norm of the gradient that two halves of the same batch make. */
async function accumulated(engine: Engine): Promise<number> {
  const training = await compiled(engine, 2)
  for (const isFirst of [true, false]) {
    await training.computeGradient(batch)
    await training.accumulateGradient(0.5, isFirst)
  }
  const norm = await update(training, 1)
  await training.dispose()
  return norm
}

/** Class probabilities of the batch by a network with BatchNorm folded, after loading twice. */
async function predicted(engine: Engine): Promise<readonly number[]> {
  const { network, program } = inferenceProgram(model, size, { probabilities: true })
  const inference = await engine.compileInference(program)
  for (const seed of [1, 0]) {
    inference.load(foldBatchNorm(initialState(network.declarations, seed), program.folds))
    await inference.run(batch)
  }
  const { probabilities } = await inference.run(batch)
  const found = Array.from(probabilities)
  await inference.dispose()
  return found
}

report('placement', await placement())
report('difference', await engineDifference(gpu, cpu))
report('losses', { cpu: await lossesOf(cpu, 30), gpu: await lossesOf(gpu, 30) })
report('optimizers', { cpu: await optimizerSteps(cpu), gpu: await optimizerSteps(gpu) })
report('handedOn', {
  cpu: await lossesOf(cpu, 6),
  toGpu: await handedOn(cpu, gpu),
  toCpu: await handedOn(gpu, cpu),
})
report('accumulated', { cpu: await accumulated(cpu), gpu: await accumulated(gpu) })
report('predicted', { cpu: await predicted(cpu), gpu: await predicted(gpu) })
report('memory', await memoryOverSteps(gpu, 300))

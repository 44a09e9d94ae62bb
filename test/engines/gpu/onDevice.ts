import type { ModelConfig } from '../../../src/core/experiment.ts'
import { engineDifference } from '../../../src/engines/engineTrial.ts'
import type { Engine } from '../../../src/engines/engine.ts'
import { gpuEngine } from '../../../src/engines/onnx/gpu/gpuEngine.ts'
import { onnxEngine } from '../../../src/engines/onnx/onnxEngine.ts'
import { architectures } from '../../../src/model/decoders/registry.ts'
import { losses } from '../../../src/train/losses/registry.ts'
import { optimizers } from '../../../src/train/optimizers/registry.ts'
import { inferenceProgram, trainingProgram } from '../../../src/train/programs.ts'
import { updatePlan } from '../../../src/train/updatePlan.ts'
import { report } from './childReport.ts'
import { memoryOverSteps } from './memoryOverSteps.ts'
import { optimizerSteps } from './optimizerSteps.ts'
import { accumulated, handedOn, predicted, smallModel, smallSize } from './smallNetwork.ts'
import { compiled, steps } from './smallTraining.ts'

// A process of its own: where the Vulkan driver lies must be known before it starts. Prints one JSON object for each fact.

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
  const full = { ...smallSize, height: 128, width: 128 }
  const unets = ['resnet18', 'timm-efficientnet-b0', 'tu-tf_efficientnet_lite0'].map((encoder_name) => ({
    ...smallModel,
    encoder_name,
    encoder_depth: 5,
    decoder_channels: [32, 24, 16, 12, 8],
  }))
  const others = architectures.all.flatMap(({ name: arch, arguments: own }) => {
    if (arch === 'Unet') return []
    const encoder_name = { HRNetV2: 'hrnet_w18_small', Segformer: 'mit_b0' }[arch] ?? 'resnet18'
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
  const { gradient } = trainingProgram(smallModel, [{ name: 'CrossEntropyLoss', weight: 1 }], smallSize)
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

import { UserError } from '../../../src/core/errors.ts'
import type { Engine } from '../../../src/engines/engine.ts'
import { gpuEngine } from '../../../src/engines/onnx/gpu/gpuEngine.ts'
import { onnxEngine } from '../../../src/engines/onnx/onnxEngine.ts'
import { onnxGpu } from '../../../src/engines/onnx/onnxGpu.ts'
import { numberForm } from '../../../src/engines/precision.ts'
import { report } from './childReport.ts'
import { compiled, steps } from './smallTraining.ts'

// A process of its own: see onDevice.ts.

const forgetful = { recall: () => undefined, remember: () => undefined }

async function opened() {
  const [card] = await onnxGpu.candidates({ choice: 'webgpu', threads: 1, memory: forgetful, precision: 'fp16' })
  try {
    return { reason: (await card.open()).reason }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { refusal: error.message, code: error.details.code, hint: error.details.hint }
  }
}

async function losses(engine: Engine, precision: 'fp32' | 'fp16'): Promise<readonly number[]> {
  const training = await compiled(engine, 1, numberForm(precision))
  const found = await steps(training, 1, 30)
  await training.dispose()
  return found
}

const result = await opened()
report('opened', result)
if ('reason' in result) {
  const { engine: cpu } = await onnxEngine({ threads: 1, lowering: 'plain' })
  const gpu = gpuEngine({ provider: 'webgpu', device: 'test', threads: 1, forbidsFallback: true })
  report('losses', {
    whole: await losses(cpu, 'fp32'),
    rounded: await losses(cpu, 'fp16'),
    onCard: await losses(gpu, 'fp16'),
  })
}

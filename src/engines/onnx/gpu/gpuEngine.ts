import type { Program } from '../../../graph/program.ts'
import type { Engine, TrainingPlan } from '../../engine.ts'
import { OnnxInferenceEngine } from '../inferenceEngine.ts'
import { programMemory } from '../memory/programMemory.ts'
import { runtimeVersion } from '../onnxEngine.ts'
import type { GpuProvider } from '../provider.ts'
import { OnnxTrainingEngine } from '../trainingEngine.ts'
import { DeviceInferenceEngine } from './deviceInferenceEngine.ts'
import { DeviceTrainingEngine } from './deviceTrainingEngine.ts'
import { lowerGpu } from './lowerGpu.ts'

export interface GpuEngineOptions {
  readonly provider: GpuProvider
  /** For a person. */
  readonly device: string
  readonly threads: number
  /** Refuses programs of which the provider would leave a part to the CPU. */
  readonly forbidsFallback?: boolean
}

/**
 * ONNX Runtime on a graphics card. Sums of many threads come together in an order that the driver chooses: equal to rounding.
 * Only WebGPU's state stays on the device: the runtime's binding for Node cannot leave results with the other providers,
 * there parameters and gradients travel each step.
 */
export function gpuEngine({ provider, device, threads, forbidsFallback = false }: GpuEngineOptions): Engine {
  const options = { threads, provider, forbidsFallback }
  const staysOnDevice = provider === 'webgpu'
  return {
    name: 'onnx',
    lowering: provider,
    versions: { 'onnxruntime-node': runtimeVersion },
    device,
    threads,
    determinism: 'numeric',
    compileTraining: (plan: TrainingPlan) =>
      staysOnDevice ? DeviceTrainingEngine.compile(plan, options) : OnnxTrainingEngine.compile(plan, lowerGpu, options),
    compileInference: (source: Program) =>
      staysOnDevice
        ? DeviceInferenceEngine.compile(source, options)
        : OnnxInferenceEngine.compile(lowerGpu(source), options),
    memoryOf: (source: Program) => programMemory(lowerGpu(source)),
  }
}

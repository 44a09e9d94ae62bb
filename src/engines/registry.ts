import type { EngineDefinition } from './engineDefinition.ts'
import { onnxCpu } from './onnx/onnxCpu.ts'
import { onnxGpu } from './onnx/onnxGpu.ts'
import { tensorflow } from './tensorflow/tensorflow.ts'

/** Everything that can compute a step. The first one runs on every machine; the others are measured against it. */
export const engines: readonly EngineDefinition[] = [onnxCpu, onnxGpu, tensorflow]

/** Values of `--engine`. */
export const engineChoices: readonly string[] = ['auto', ...engines.flatMap(({ choices }) => choices)]

import { UserError } from '../../core/errors.ts'
import type { EngineDefinition } from '../engineDefinition.ts'
import { cpuName, onnxEngine } from './onnxEngine.ts'

const choices = ['blocked', 'plain'] as const

/** ONNX Runtime on the processor. */
export const onnxCpu: EngineDefinition = {
  choices,
  candidates: ({ choice, threads, memory }) => {
    const lowering = choices.find((name) => name === choice) ?? 'auto'
    const open = async () => {
      const chosen = await onnxEngine({ threads, lowering, memory })
      if (lowering === 'blocked' && chosen.engine.lowering === 'plain')
        throw new UserError('The blocked engine does not run on this machine.', {
          value: lowering,
          hint: `Use --engine auto. (${chosen.reason})`,
          code: 'engine-unavailable',
        })
      return chosen
    }
    return Promise.resolve([{ kind: 'cpu', device: cpuName(), memoryBytes: null, isSoftware: false, open }])
  },
}

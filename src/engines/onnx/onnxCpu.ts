import { UserError } from '../../core/errors.ts'
import type { Precision } from '../../core/experiment.ts'
import type { EngineDefinition } from '../engineDefinition.ts'
import { withoutPrecision } from '../precision.ts'
import { cpuName, onnxEngine } from './onnxEngine.ts'

const choices = ['blocked', 'plain'] as const

/** ONNX Runtime on the processor. */
export const onnxCpu: EngineDefinition = {
  choices,
  candidates: ({ choice, threads, memory, precision = 'fp32' }) => {
    const asked = choices.find((name) => name === choice) ?? 'auto'
    // The blocked kernels know float32 only.
    const lowering = precision !== 'fp32' && asked === 'auto' ? 'plain' : asked
    const open = async () => {
      const chosen = await onnxEngine({ threads, lowering, memory })
      if (lowering === 'blocked' && chosen.engine.lowering === 'plain')
        throw new UserError('The blocked engine does not run on this machine.', {
          value: lowering,
          hint: `Use --engine auto. (${chosen.reason})`,
          code: 'engine-unavailable',
        })
      if (precision === 'fp32') return chosen
      return { ...chosen, reason: `${chosen.reason}; ${precision} by rounding float32, slower than fp32` }
    }
    const refusal = isRefused(precision, lowering) ? withoutPrecision(precision, 'a processor', reason) : undefined
    return Promise.resolve([{ kind: 'cpu', device: cpuName(), memoryBytes: null, isSoftware: false, refusal, open }])
  },
}

/** Measured with the runtime's version 1.30: docs/decisions/020. */
const reason =
  'ONNX Runtime has no half-precision kernels for convolutions there. It would turn every value back into float32, and the step takes longer than in fp32 without needing less memory.'

/** For tests, and for who wants to see whether a network bears the rounding before a graphics card trains it. */
function isRefused(precision: Precision, lowering: string): boolean {
  return precision !== 'fp32' && (lowering === 'blocked' || process.env['FOLDWISE_HALF_ON_CPU'] !== '1')
}

import { UserError } from '../core/errors.ts'
import type { Precision } from '../core/experiment.ts'
import type { NumberForm } from '../graph/passes/addGradients.ts'

/** What a precision means in a training program. bfloat16 reaches as far as float32: nothing vanishes, nothing is scaled. */
export function numberForm(precision: Precision = 'fp32'): NumberForm {
  switch (precision) {
    case 'fp32':
      return {}
    case 'fp16':
      return { half: 'float16', isScaled: true }
    case 'bf16':
      return { half: 'bfloat16' }
  }
}

/** A device that does not gain from a precision, or does not have it, says so before a run begins. */
export function withoutPrecision(precision: Precision, device: string, why: string, cause?: unknown): UserError {
  const others = precision === 'bf16' ? '"fp16" on a graphics card, "fp32" everywhere' : '"fp32"'
  return new UserError(`train.precision "${precision}" is of no use on ${device}: ${why}`, {
    value: precision,
    allowed: others,
    hint: `Set train.precision to "fp32" in the experiment${precision === 'fp16' ? ', or train on a graphics card with half-precision shaders (--device gpu; "foldwise devices" lists what is here)' : ''}. Scores of runs in different precisions are compared like those of any other condition.`,
    code: 'precision-unavailable',
    cause,
  })
}

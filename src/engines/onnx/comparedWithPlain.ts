import type { HalfType } from '../../graph/tensor.ts'
import type { Engine } from '../engine.ts'
import type { CandidateRequest } from '../engineDefinition.ts'
import { engineDifference } from '../engineTrial.ts'
import { onnxEngine, selfTestTolerance } from './onnxEngine.ts'

/** A card may also add in half precision (WebGPU does); a wrong kernel is off by the size of the gradients. */
const halfFactor = 4

/**
 * The self-test of an engine, passed once on a machine: a training step against the plain operators of the CPU.
 * @param key what was tested
 * @param half its convolutions, against float32: by how much rounding alone changes the gradients, the plain operators show
 * @throws what the engine throws
 */
export async function comparedWithPlain(
  engine: Engine,
  key: string,
  { threads, memory }: Omit<CandidateRequest, 'choice'>,
  half?: HalfType,
): Promise<{ readonly passed: boolean; readonly detail: string }> {
  const here = `${key} / ${process.platform}-${process.arch}`
  if (memory.recall(here) === true) return { passed: true, detail: 'passed on this machine before' }
  const { engine: reference } = await onnxEngine({ threads, lowering: 'plain' })
  const difference = await engineDifference(engine, reference, half)
  const tolerance =
    half === undefined ? selfTestTolerance : halfFactor * (await engineDifference(reference, reference, half))
  const passed = difference < tolerance
  memory.remember(here, passed)
  const size = `largest difference ${difference.toExponential(1)}`
  return { passed, detail: passed ? `passed (${size})` : size }
}

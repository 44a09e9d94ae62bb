import type { Engine } from '../engine.ts'
import type { CandidateRequest } from '../engineDefinition.ts'
import { engineDifference } from '../engineTrial.ts'
import { onnxEngine, selfTestTolerance } from './onnxEngine.ts'

/**
 * The self-test of an engine, passed once on a machine: a training step against the plain operators of the CPU.
 * @param key what was tested
 * @throws what the engine throws
 */
export async function comparedWithPlain(
  engine: Engine,
  key: string,
  { threads, memory }: Omit<CandidateRequest, 'choice'>,
): Promise<{ readonly passed: boolean; readonly detail: string }> {
  const here = `${key} / ${process.platform}-${process.arch}`
  if (memory.recall(here) === true) return { passed: true, detail: 'passed on this machine before' }
  const { engine: reference } = await onnxEngine({ threads, lowering: 'plain' })
  const difference = await engineDifference(engine, reference)
  const passed = difference < selfTestTolerance
  memory.remember(here, passed)
  const size = `largest difference ${difference.toExponential(1)}`
  return { passed, detail: passed ? `passed (${size})` : size }
}

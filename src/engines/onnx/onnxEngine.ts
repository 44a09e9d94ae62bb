import { cpus } from 'node:os'
import type { Program } from '../../graph/program.ts'
import type { Engine, TrainingPlan } from '../engine.ts'
import type { ChosenEngine, SelfTestMemory } from '../engineDefinition.ts'
import { lowerBlocked } from './blocked/lowerBlocked.ts'
import { probeBlockSize } from './blockSize.ts'
import { OnnxInferenceEngine } from './inferenceEngine.ts'
import type { LoweredProgram } from './lowering.ts'
import { lowerPlain } from './plain/lowerPlain.ts'
import { programMemory } from './memory/programMemory.ts'
import { blockedDifference } from './selfTest.ts'
import { OnnxTrainingEngine } from './trainingEngine.ts'

/** The pinned version: the blocked kernels are internal to it. */
export const runtimeVersion = '1.30.0'

/** Rounding in a small network; a wrong kernel is off by orders of magnitude. */
export const selfTestTolerance = 1e-3

export interface OnnxEngineOptions {
  readonly threads: number
  /** `auto` takes blocked where it passes its self-test. */
  readonly lowering: 'auto' | 'blocked' | 'plain'
  readonly memory?: SelfTestMemory | undefined
  /** Prefix of the runtime's profiles of the gradient program and of forward passes. */
  readonly profile?: string | undefined
}

export function cpuName(): string {
  return `CPU (${cpus()[0]?.model.trim() ?? 'unknown'})`
}

/** ONNX Runtime on the CPU, with the fastest lowering that gives right numbers on this machine. */
export async function onnxEngine({ threads, lowering, memory, profile }: OnnxEngineOptions): Promise<ChosenEngine> {
  const block = lowering === 'plain' ? 1 : await probeBlockSize()
  const verdict =
    lowering === 'plain' ? { passed: false, reason: 'plain operators, as asked' } : await judge(block, memory)
  const isBlocked = verdict.passed
  const lower = isBlocked ? (source: Program) => lowerBlocked(source, block) : lowerPlain
  const name = isBlocked ? `blocked${block}` : 'plain'
  return { engine: engineWith(name, lower, threads, profile), reason: `onnx/${name}: ${verdict.reason}` }
}

function engineWith(
  lowering: string,
  lower: (source: Program) => LoweredProgram,
  threads: number,
  profile?: string,
): Engine {
  return {
    name: 'onnx',
    lowering,
    versions: { 'onnxruntime-node': runtimeVersion },
    device: cpuName(),
    threads,
    determinism: 'bitwise',
    compileTraining: (plan: TrainingPlan) => OnnxTrainingEngine.compile(plan, lower, { threads, profile }),
    compileInference: (source: Program) => OnnxInferenceEngine.compile(lower(source), { threads, profile }),
    memoryOf: (source: Program) => programMemory(lower(source)),
  }
}

async function judge(block: number, memory: SelfTestMemory | undefined): Promise<{ passed: boolean; reason: string }> {
  if (block === 1) return { passed: false, reason: 'this CPU has no blocked kernels; plain operators (slower)' }
  const key = `onnxruntime ${runtimeVersion} / ${cpus()[0]?.model ?? ''} / ${process.platform}-${process.arch} / ${block}`
  const recalled = memory?.recall(key)
  if (recalled !== undefined) return verdictOf(recalled, block, 'passed on this machine before')
  const difference = await blockedDifference(block)
  const passed = difference < selfTestTolerance
  memory?.remember(key, passed)
  return verdictOf(passed, block, `largest difference ${difference.toExponential(1)}`)
}

function verdictOf(passed: boolean, block: number, detail: string): { passed: boolean; reason: string } {
  return passed
    ? { passed, reason: `blocked kernels of ${block} channels, self-test passed (${detail})` }
    : { passed, reason: 'the blocked kernels failed their self-test on this machine; plain operators (slower)' }
}

import type { ProgramMemory } from '../../engines/engine.ts'

/** What decides how much memory a run needs. */
export interface NeedFacts {
  /** One batch: forward, loss, backward. */
  readonly gradient: ProgramMemory
  /** One batch of validation. */
  readonly validation: ProgramMemory
  /** The forward pass by which SnapMix sees what the network looks at. */
  readonly view?: ProgramMemory | undefined
  /** State vectors of the optimizer. */
  readonly slots: number
  readonly isAccumulating: boolean
  /** Threads of the loader, and bytes of decoded images that it keeps. */
  readonly workers: number
  readonly cacheBytes: number
}

/** Bytes of a run at its largest: of the process, and of the card where one computes. */
export interface MemoryNeed {
  readonly process: number
  /** null where the processor computes. */
  readonly card: number | null
}

const mebibyte = 2 ** 20

/**
 * Measured with onnxruntime-node 1.30 and Node 20 on Linux (docs/decisions/016): the program with its libraries and an
 * engine that tested itself, a loader's thread with its image library, an operator of a session.
 */
const programBytes = 195 * mebibyte
const workerBytes = 40 * mebibyte
const operatorBytes = 5 * 1024
/** The runtime's arena hands out blocks that are larger than asked for, and never gives any back. */
const arenaFactor = 1.15
/** A constant lies in the graph, in the model's bytes and in the session. */
const constantCopies = 3

/** Everything at once: what one part of a run has had, the runtime's arenas and the JavaScript heap keep for it. */
export function memoryNeed(facts: NeedFacts): MemoryNeed {
  const { gradient, validation, view, slots, isAccumulating, workers, cacheBytes } = facts
  const { parameterBytes } = gradient
  const forwards = view === undefined ? [validation] : [validation, view]
  const sumOf = (bytes: (forward: ProgramMemory) => number): number =>
    forwards.reduce((sum, forward) => sum + bytes(forward), 0)
  const compiled = programWork(gradient) + sumOf(programWork)
  // Parameters, gradient, optimizer; the sum of accumulated gradients; the weights that forward passes fold.
  const state = parameterBytes * (2 + slots + (isAccumulating ? 1 : 0)) + sumOf((forward) => forward.parameterBytes)
  // Weights as loaded, and a checkpoint in PyTorch's order beside its bytes.
  const stored = parameterBytes * (1 + 2 * (1 + slots))
  const ahead = Math.max(2, workers + 1) + 1
  const loader = workers * workerBytes + ahead * (gradient.dataBytes + validation.dataBytes) + cacheBytes
  const sessions = (gradient.operators + sumOf(({ operators }) => operators)) * operatorBytes
  const host = programBytes + sessions + stored + loader
  if (!gradient.isOnCard) return { process: host + compiled + state, card: null }
  // New state is written beside the old.
  return { process: host + state, card: compiled + 2 * state }
}

function programWork({ activationBytes, constantBytes, resultBytes, parameterBytes }: ProgramMemory): number {
  return arenaFactor * activationBytes + constantCopies * constantBytes + Math.max(0, resultBytes - parameterBytes)
}

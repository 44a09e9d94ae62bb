import type { UserError } from '../core/errors.ts'
import type { Precision } from '../core/experiment.ts'
import type { Engine } from './engine.ts'

export type DeviceKind = 'cpu' | 'gpu'

/** Remembers on this machine whether something passed its self-test. */
export interface SelfTestMemory {
  recall(key: string): boolean | undefined
  remember(key: string, passed: boolean): void
}

export interface ChosenEngine {
  readonly engine: Engine
  /** One line that says what runs and why. */
  readonly reason: string
  /** Memory of the card that computes, where it is known. */
  readonly cardBytes?: number | undefined
}

/** A device of this machine that an engine could compute on. */
export interface Candidate {
  readonly kind: DeviceKind
  /** The device as its runtime or the system names it. */
  readonly device: string
  /** Its own memory; null where nobody tells. */
  readonly memoryBytes: number | null
  /** A graphics card made of software: right numbers, slowly. Taken only where it is asked for by name. */
  readonly isSoftware: boolean
  /** Why it is not to be opened in the precision that was asked for: it gains nothing from it, or does not have it. */
  readonly refusal?: UserError | undefined
  /** Loads what computes. @throws UserError where it does not run on this machine, or not in this precision */
  open(): Promise<ChosenEngine>
}

export interface CandidateRequest {
  /** What `--engine` says: one of the definition's choices, or `auto`. */
  readonly choice: string
  /** Threads inside one operator, for what computes on the processor. */
  readonly threads: number
  readonly memory: SelfTestMemory
  /** Of training; fp32 where not given. */
  readonly precision?: Precision | undefined
}

/** An engine is one file that exports this, and one line in `registry.ts`. */
export interface EngineDefinition {
  /** Values of `--engine` that mean this engine, beside `auto`. */
  readonly choices: readonly string[]
  /** What of this machine it can compute on, the fastest first; none where its runtime is not installed. */
  candidates(request: CandidateRequest): Promise<readonly Candidate[]>
}

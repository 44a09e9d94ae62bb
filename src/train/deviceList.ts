import { availableParallelism } from 'node:os'
import { UserError } from '../core/errors.ts'
import type { Candidate, ChosenEngine, DeviceKind } from '../engines/engineDefinition.ts'
import { candidatesFor, selfTests } from './engineChoice.ts'
import { fastestFirst, stepTimes, tryOnce, type Tried } from './fastestEngine.ts'
import { withRuntime } from './withRuntime.ts'

export interface DeviceRow {
  readonly name: string
  readonly kind: DeviceKind
  readonly device: string
  /** Its own memory; null where it is not known. */
  readonly memoryBytes: number | null
  readonly lowering: string
  readonly threads: number
  readonly state: 'ready' | 'failed'
  /** Milliseconds of the trial step, where several were compared. */
  readonly stepMs: number | null
  readonly note: string
}

/**
 * Everything that could train here, the one that `auto` takes first.
 * @param isTestedAgain forgets earlier trials
 */
export async function listDevices(isTestedAgain: boolean): Promise<readonly DeviceRow[]> {
  const threads = availableParallelism()
  const memory = selfTests()
  const times = stepTimes()
  if (isTestedAgain) {
    memory.forget()
    times.forget()
  }
  return withRuntime(async () => {
    const candidates = await candidatesFor('auto', threads, memory)
    const tried: Tried[] = []
    // A single one is not timed: there is nothing to compare it with.
    if (candidates.length === 1) tried.push({ candidate: candidates[0], milliseconds: null })
    else for (const candidate of candidates) tried.push(await tryOnce(candidate, threads, times))
    const rows: DeviceRow[] = []
    for (const each of fastestFirst(tried)) rows.push(await rowOf(each, threads))
    for (const plain of await candidatesFor('plain', threads, memory))
      if (!rows.some(({ lowering }) => lowering === 'plain'))
        rows.push(await rowOf({ candidate: plain, milliseconds: null }, threads))
    await memory.save()
    return rows
  })
}

async function rowOf({ candidate, milliseconds, failure }: Tried, threads: number): Promise<DeviceRow> {
  const { kind, device, memoryBytes } = candidate
  const facts = { kind, device, memoryBytes, stepMs: milliseconds, threads }
  const opened = failure === undefined ? await openedOr(candidate) : failure
  if (typeof opened === 'string') return { ...facts, name: '', lowering: '', state: 'failed', note: opened }
  const { name, lowering } = opened.engine
  return { ...facts, name, lowering, state: 'ready', note: opened.reason }
}

/** What it says where it cannot be opened. */
async function openedOr(candidate: Candidate): Promise<ChosenEngine | string> {
  try {
    return await candidate.open()
  } catch (error) {
    if (error instanceof UserError) return error.message
    throw error
  }
}

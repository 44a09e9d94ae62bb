import * as z from 'zod'
import { UserError } from '../core/errors.ts'
import type { Precision } from '../core/experiment.ts'
import type { Candidate, ChosenEngine } from '../engines/engineDefinition.ts'
import { stepTime } from '../engines/engineTrial.ts'
import { MachineMemory } from './machineMemory.ts'
import { productVersion } from './productVersion.ts'

/** A candidate after its trial. */
export interface Tried {
  readonly candidate: Candidate
  /** Milliseconds of the trial step; null where it failed, now or the last time. */
  readonly milliseconds: number | null
  /** Why it failed, where that was seen just now. */
  readonly failure?: string | undefined
}

/** Milliseconds of trial steps on this machine, by version and device. */
export function stepTimes(): MachineMemory<number | null> {
  return new MachineMemory('step-times.json', z.record(z.string(), z.number().nullable()))
}

/**
 * Opens the candidate whose trial step is the shortest; each is tried once per machine and version.
 * @throws UserError where none can be opened
 */
export async function openFastest(
  candidates: readonly Candidate[],
  threads: number,
  times: MachineMemory<number | null>,
  precision: Precision = 'fp32',
): Promise<ChosenEngine> {
  const tried: Tried[] = []
  for (const candidate of candidates) tried.push(await tryOnce(candidate, threads, times, precision))
  const failures: string[] = []
  for (const { candidate, milliseconds } of fastestFirst(tried)) {
    try {
      const { reason, ...opened } = await candidate.open()
      return { ...opened, reason: `${reason}; ${[comparison(tried, candidate, milliseconds), ...failures].join('; ')}` }
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      failures.push(error.message)
    }
  }
  throw new UserError('Nothing of this machine can be used for training.', {
    value: failures.join('; '),
    code: 'engine-unavailable',
  })
}

/** Those that failed come last, in their order. */
export function fastestFirst(tried: readonly Tried[]): readonly Tried[] {
  const rank = ({ milliseconds }: Tried): number => milliseconds ?? Number.MAX_VALUE
  return tried.toSorted((a, b) => rank(a) - rank(b))
}

/** The trial of a candidate, from memory or now. */
export async function tryOnce(
  candidate: Candidate,
  threads: number,
  times: MachineMemory<number | null>,
  precision: Precision = 'fp32',
): Promise<Tried> {
  // A device that does not have a precision may be the fastest without it.
  const inPrecision = precision === 'fp32' ? '' : ` / ${precision}`
  const key = `foldwise ${productVersion} / ${candidate.device} / ${threads} threads${inPrecision}`
  const recalled = times.recall(key)
  if (recalled !== undefined) return { candidate, milliseconds: recalled }
  // Should a driver take the whole process with it, the next start passes it by.
  times.remember(key, null)
  await times.save()
  try {
    const milliseconds = await stepTime((await candidate.open()).engine)
    times.remember(key, milliseconds)
    await times.save()
    return { candidate, milliseconds }
  } catch (error) {
    return { candidate, milliseconds: null, failure: error instanceof Error ? error.message : String(error) }
  }
}

function comparison(tried: readonly Tried[], chosen: Candidate, milliseconds: number | null): string {
  const others = tried.filter(({ candidate }) => candidate !== chosen)
  const text = (time: number | null): string => (time === null ? 'failed' : `${Math.round(time)} ms`)
  const rest = others.map((other) => `${other.candidate.device}: ${text(other.milliseconds)}`).join(', ')
  return `trial step ${text(milliseconds)} (${rest})`
}

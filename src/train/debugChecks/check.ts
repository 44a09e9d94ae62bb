import type { EventOf, RunEvent } from '../../protocol/events.ts'
import type { RunSession } from '../../runs/runSession.ts'
import type { Workbench } from './workbench.ts'

type CheckEvent = EventOf<'check'>

/** What a check found. */
export interface Finding {
  readonly verdict: CheckEvent['verdict']
  /** Why; where it does not pass, also what to do. */
  readonly reason: string
  /** The evidence. Numbers that are not finite are null, as JSON has none. */
  readonly values: CheckEvent['values']
  /** PNG that shows what is wrong. */
  readonly picture?: Uint8Array | undefined
}

/**
 * A check while it runs. It yields events that it wrote, and 'step' wherever the run may be stopped; it returns
 * 'stopped' only where it obeyed such a request itself.
 */
export type CheckWork = AsyncGenerator<RunEvent | 'step', Finding | 'stopped', void>

export type Check = (bench: Workbench, session: RunSession) => CheckWork

/** A curve as JSON can hold it. */
export function measuredCurve(values: readonly number[]): (number | null)[] {
  return values.map((value) => (Number.isFinite(value) ? value : null))
}

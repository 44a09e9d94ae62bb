import { hostname } from 'node:os'
import { processStart } from './processIdentity.ts'

/** A process that holds something on disk, named so that its death can be told from its slowness. */
export interface Holder {
  readonly pid: number
  /** Start of the process as `processStart` gives it; undefined where the system does not say. */
  readonly start?: string | undefined
  readonly host: string
}

/** A holder whose life cannot be asked of the system touches its file this often. */
export const heartbeatMilliseconds = 15_000
/** Twenty missed heartbeats: a laptop's short sleep or a stalled network disk is not yet a death. */
const silenceMilliseconds = 20 * heartbeatMilliseconds

export function thisProcess(): Holder {
  return { pid: process.pid, start: processStart(process.pid), host: hostname() }
}

/** Whether a holder still lives; `touched` is the time of its file's last heartbeat, milliseconds since 1970. */
export function isAlive(holder: Holder, touched: number): boolean {
  const isFresh = Date.now() - touched < silenceMilliseconds
  if (holder.host !== hostname()) return isFresh
  const start = processStart(holder.pid)
  if (start === 'dead') return false
  return start === undefined || holder.start === undefined ? isFresh : start === holder.start
}

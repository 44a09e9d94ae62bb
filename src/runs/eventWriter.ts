import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, openSync, readSync } from 'node:fs'
import { eventVersion, formatEventLine } from '../protocol/events.ts'
import type { NewRunEvent, RunEvent, RunEventType } from '../protocol/events.ts'
import { UserError } from '../core/errors.ts'
import { writeAll } from './atomicFile.ts'
import { writeError } from './diskErrors.ts'

const lineFeed = 0x0a

/** After these a reader may act on what the history says, so it must survive a power cut. */
const synced: readonly RunEventType[] = ['started', 'checkpoint', 'failed', 'stopped', 'finished']

/** Appends to one `events.ndjson`. Its run folder must be locked by this process. */
export class EventWriter {
  private readonly file: string
  private readonly fd: number
  /** Bytes of complete lines. */
  private size: number

  /**
   * Opens or creates the file. A last line that its writer's death tore is cut off first.
   * @throws UserError `cannot-write`
   */
  constructor(file: string) {
    this.file = file
    try {
      // O_NOFOLLOW (0 where the system lacks it): a link could lead the history out of the workspace.
      this.fd = openSync(file, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW || 0))
    } catch (error) {
      throw writeError(error, file)
    }
    if (!fstatSync(this.fd).isFile()) {
      closeSync(this.fd)
      throw new UserError('the history of a run must be a plain file', { file, code: 'cannot-write' })
    }
    this.size = endOfLastLine(this.fd)
    ftruncateSync(this.fd, this.size)
  }

  /**
   * Writes one event with the present time, and the version where it is the first line.
   * @returns the event as written, for whoever looks on
   * @throws UserError `disk-full` or `cannot-write`; the file then ends with its last complete line, and a later append
   * may succeed.
   */
  append(event: NewRunEvent): RunEvent {
    const stamp = { time: new Date().toISOString(), ...(this.size === 0 ? { v: eventVersion } : {}) }
    const stamped: RunEvent = { ...stamp, ...event }
    const line = Buffer.from(`${formatEventLine(stamped)}\n`)
    try {
      writeAll(this.fd, line)
      if (synced.includes(event.type)) fsyncSync(this.fd)
    } catch (error) {
      ftruncateSync(this.fd, this.size)
      throw writeError(error, this.file)
    }
    this.size += line.length
    return stamped
  }

  close(): void {
    closeSync(this.fd)
  }
}

/** Offset after the last line feed; 0 if there is none. */
function endOfLastLine(fd: number): number {
  const chunk = Buffer.alloc(65_536)
  for (let end = fstatSync(fd).size; end > 0;) {
    const start = Math.max(0, end - chunk.length)
    const bytes = readSync(fd, chunk, 0, end - start, start)
    const found = chunk.subarray(0, bytes).lastIndexOf(lineFeed)
    if (found >= 0) return start + found + 1
    end = start
  }
  return 0
}

import { watch } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { UserError } from '../core/errors.ts'
import { eventVersion, parseEventLine } from '../protocol/events.ts'
import type { RunEvent } from '../protocol/events.ts'
import { readError, systemCode } from './diskErrors.ts'

const lineFeed = 0x0a
const firstChunkBytes = 1 << 20

/** Reads a growing file of lines: each call gives what was completed since the one before. */
class LineReader {
  private readonly file: string
  /** Always the start of a line, so a torn line is read again, and may be cut off meanwhile. */
  private offset = 0

  constructor(file: string) {
    this.file = file
  }

  /** Complete lines, at most about a mebibyte of them; none when all that is complete was read. */
  async next(): Promise<readonly string[]> {
    const handle = await open(this.file, 'r')
    try {
      const remaining = (await handle.stat()).size - this.offset
      for (let size = firstChunkBytes; ; size *= 2) {
        const wanted = Math.min(size, remaining)
        if (wanted <= 0) return []
        const { bytesRead, buffer } = await handle.read(Buffer.alloc(wanted), 0, wanted, this.offset)
        const end = buffer.subarray(0, bytesRead).lastIndexOf(lineFeed)
        if (end >= 0) {
          this.offset += end + 1
          return buffer.toString('utf8', 0, end).split('\n')
        }
        if (wanted === remaining) return []
      }
    } finally {
      await handle.close()
    }
  }
}

/**
 * The whole history of a run so far. A torn last line and unknown events are left out; an absent file is an empty history.
 * @throws UserError `cannot-read`, or `newer-format` where a later Foldwise wrote it
 */
export async function readEvents(file: string): Promise<readonly RunEvent[]> {
  const events: RunEvent[] = []
  const reader = new LineReader(file)
  for (let isFirst = true; ; isFirst = false) {
    const lines = await nextLines(reader, file)
    if (lines.length === 0) return events
    if (isFirst) checkVersion(lines[0], file)
    events.push(...knownEvents(lines))
  }
}

/**
 * Follows a run: first its history, then every new event, until `signal` aborts. Waits for a file that does not exist yet.
 * @param pollMilliseconds the longest wait where the system does not report changes (network disks)
 * @throws UserError `cannot-read`, or `newer-format` where a later Foldwise wrote it
 */
export async function* tailEvents(
  file: string,
  signal: AbortSignal,
  pollMilliseconds = 500,
): AsyncGenerator<RunEvent, void, undefined> {
  const reader = new LineReader(file)
  const change = new ChangeSignal(dirname(file), signal)
  try {
    for (let isFirst = true; !signal.aborted;) {
      const lines = await nextLines(reader, file)
      if (lines.length === 0) {
        await change.wait(pollMilliseconds)
        continue
      }
      if (isFirst) checkVersion(lines[0], file)
      isFirst = false
      for (const event of knownEvents(lines)) {
        yield event
        if (isAborted(signal)) return
      }
    }
  } finally {
    change.close()
  }
}

/** Wakes a follower when something in a folder changes, when time is up, or when it shall end. */
class ChangeSignal {
  private hasChanged = false
  private wake: () => void = () => undefined
  private readonly stopWatching: () => void
  private readonly signal: AbortSignal
  private readonly onChange = (): void => {
    this.hasChanged = true
    this.wake()
  }

  constructor(folder: string, signal: AbortSignal) {
    this.signal = signal
    signal.addEventListener('abort', this.onChange)
    this.stopWatching = watchFolder(folder, this.onChange)
  }

  async wait(milliseconds: number): Promise<void> {
    if (!this.hasChanged && !this.signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds)
        this.wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    this.hasChanged = false
  }

  close(): void {
    this.signal.removeEventListener('abort', this.onChange)
    this.stopWatching()
  }
}

/** Watching may be impossible (no inotify watches left, network disk, no such folder yet): polling covers it. */
function watchFolder(folder: string, onChange: () => void): () => void {
  try {
    const watcher = watch(folder, { persistent: false }, onChange)
    watcher.on('error', () => {
      watcher.close()
    })
    return () => {
      watcher.close()
    }
  } catch {
    return () => undefined
  }
}

async function nextLines(reader: LineReader, file: string): Promise<readonly string[]> {
  try {
    return await reader.next()
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw readError(error, file)
  }
}

function knownEvents(lines: readonly string[]): RunEvent[] {
  return lines.map(parseEventLine).filter((event) => event !== undefined)
}

// The type checker takes a property it has seen false for false after a yield too.
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted
}

function checkVersion(line: string, file: string): void {
  const version = versionOf(line)
  if (version === undefined || version <= eventVersion) return
  throw new UserError(`this run was written by a later version of Foldwise (format ${version})`, {
    file,
    line: 1,
    allowed: `format ${eventVersion}`,
    code: 'newer-format',
    hint: 'Update Foldwise to look at it.',
  })
}

function versionOf(line: string): number | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && 'v' in value ? Number(value.v) : undefined
  } catch {
    return undefined
  }
}

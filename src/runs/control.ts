import { closeSync, constants, openSync, readSync, renameSync, rmSync } from 'node:fs'
import { controlRequests } from '../protocol/runFolder.ts'
import type { ControlRequest } from '../protocol/runFolder.ts'
import { writeAll } from './atomicFile.ts'
import { systemCode, writeError } from './diskErrors.ts'

const longestControlBytes = 4096
const noFollow = constants.O_NOFOLLOW || 0

/** Asks the trainer of a run for something; it obeys after its current step. @throws UserError `cannot-write` */
export function writeRequest(file: string, request: ControlRequest): void {
  try {
    const fd = openSync(file, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | noFollow)
    try {
      writeAll(fd, Buffer.from(`${request}\n`))
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    throw writeError(error, file)
  }
}

/**
 * Reads and clears the requests, each named once, in the order of arrival. Cheap when there is none: one system call.
 * Lines that are no request are dropped.
 */
export function takeRequests(file: string): readonly ControlRequest[] {
  const taken = `${file}.taken`
  try {
    // Moved away first: what is asked from now on goes into a new file.
    renameSync(file, taken)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw writeError(error, file)
  }
  const words = new Set(readSmallFile(taken).split(/\s+/))
  rmSync(taken, { force: true, recursive: true })
  return [...words].filter((word) => isRequest(word))
}

function isRequest(word: string): word is ControlRequest {
  return (controlRequests as readonly string[]).includes(word)
}

/** Its beginning as text; empty for what is no plain file. */
function readSmallFile(file: string): string {
  try {
    const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | noFollow)
    try {
      const buffer = Buffer.alloc(longestControlBytes)
      return buffer.toString('utf8', 0, readSync(fd, buffer))
    } finally {
      closeSync(fd)
    }
  } catch {
    return ''
  }
}

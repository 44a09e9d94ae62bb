import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemCode, writeError } from './diskErrors.ts'

// Not write-file-atomic 7.0.1: it ignores the count that write() returns, so on a full disk it renames a truncated
// file into place without an error (measured: 65,536 of 200,000 bytes on a 64 KiB tmpfs).

/**
 * Writes a file so that its name shows the old content or the new one, never a part: temporary name in the same folder,
 * fsync, rename. A link at `path` is replaced, not followed. Parts that are still being made are written as they come.
 * @throws UserError `disk-full` or `cannot-write`; nothing is left behind then.
 */
export async function writeFileAtomic(
  path: string,
  data: string | readonly Uint8Array[] | AsyncIterable<Uint8Array>,
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    await writeNewFile(temporary, typeof data === 'string' ? [Buffer.from(data)] : data)
    await replaceFile(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw writeError(error, path)
  }
}

/** Moves a complete file over another and makes that survive a power cut. @throws UserError `cannot-write` */
export async function replaceFile(from: string, to: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      renameSync(from, to)
      syncFolder(dirname(to))
      return
    } catch (error) {
      // Windows refuses while a reader or a virus scanner has the old file open; it is free moments later.
      const isBusy = process.platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(systemCode(error) ?? '')
      if (!isBusy || attempt === 20) throw writeError(error, to)
      await sleep(50)
    }
  }
}

/** Deletes what writers that died left in a folder and those below. Only where nobody else writes now. */
export function removeTemporaryFiles(folder: string): void {
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (/^\..+\.[0-9a-f]{12}\.tmp$/.test(basename(path))) rmSync(join(folder, path), { force: true })
  }
}

/** Writes every byte: a nearly full disk takes a part and says so only through the count it returns. */
export function writeAll(fd: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) written += writeSync(fd, bytes, written)
}

async function writeNewFile(path: string, parts: readonly Uint8Array[] | AsyncIterable<Uint8Array>): Promise<void> {
  const fd = openSync(path, 'wx')
  try {
    if (Array.isArray(parts)) for (const part of parts as readonly Uint8Array[]) writeAll(fd, part)
    else for await (const part of parts) writeAll(fd, part)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** Windows has no such call for folders. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const fd = openSync(folder, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

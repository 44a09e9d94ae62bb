import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { compareCodePoints } from '../listFiles.ts'

const depthLimit = 4
const folderLimit = 2000

/** A regular file below a folder. */
export interface FoundFile {
  /** Relative, with '/'. */
  readonly path: string
  readonly bytes: number
}

/** Files whose names match, the largest first; hidden, linked and installed ones and those of projects left out. */
export async function findFiles(root: string, name: RegExp): Promise<readonly FoundFile[]> {
  const found: FoundFile[] = []
  for await (const { path, entry } of walk(root))
    if (entry.isFile() && name.test(entry.name)) found.push({ path, bytes: (await stat(join(root, path))).size })
  return found.sort((a, b) => b.bytes - a.bytes || compareCodePoints(a.path, b.path))
}

/** Folders of this name, the shallowest first. */
export async function findFolders(root: string, name: string): Promise<readonly string[]> {
  const found: string[] = []
  for await (const { path, entry } of walk(root)) if (entry.isDirectory() && entry.name === name) found.push(path)
  return found
}

async function* walk(root: string): AsyncGenerator<{ readonly path: string; readonly entry: Dirent }> {
  const waiting = [{ path: '', depth: 0 }]
  for (let next = waiting.shift(), seen = 0; next !== undefined && seen < folderLimit; next = waiting.shift(), seen++) {
    const { path, depth } = next
    // A folder that cannot be read holds nothing for us.
    for (const entry of await readdir(join(root, path), { withFileTypes: true }).catch(() => [])) {
      const below = path === '' ? entry.name : `${path}/${entry.name}`
      if (entry.name.startsWith('.') || entry.name === 'node_modules' || entry.name === 'foldwise') continue
      if (entry.isDirectory() && depth < depthLimit) waiting.push({ path: below, depth: depth + 1 })
      yield { path: below, entry }
    }
  }
}

/** The deepest folder that holds all files, '.' for the workspace. @param files relative, with '/' */
export function commonFolder(files: readonly string[]): string {
  const [first, ...others] = files.map((file) => file.split('/').slice(0, -1))
  const differs = (depth: number): boolean => others.some((parts) => parts[depth] !== first[depth])
  let depth = 0
  while (depth < first.length && !differs(depth)) depth++
  return depth === 0 ? '.' : first.slice(0, depth).join('/')
}

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Where a sample project goes: the folder itself where it is empty, else a new folder in it. */
export function sampleFolderIn(folder: string): string {
  if (isEmpty(folder)) return folder
  for (let number = 1; ; number++) {
    const path = join(folder, number === 1 ? 'foldwise-sample' : `foldwise-sample-${number}`)
    if (!existsSync(path)) return path
  }
}

export function isEmpty(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0
  } catch {
    // Gone, or not ours to read: nothing is made in it.
    return false
  }
}

import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'

let isBuilt = false

/** A file of `dist`, built from the sources as they are; absolute. */
export function builtFile(name: string): string {
  if (!isBuilt) {
    const { status, stderr } = spawnSync(process.execPath, ['esbuild.mjs'], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`esbuild.mjs: ${stderr}`)
    isBuilt = true
  }
  return resolve('dist', name)
}

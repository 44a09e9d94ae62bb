import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

/** The packaged extension; packs the built one where dist or what is packed beside it is newer. */
export function builtVsix(): string {
  const vsix = join(root, `foldwise-${process.platform}-${process.arch}.vsix`)
  const inputs = ['dist', 'media', 'l10n', 'package.json', 'package-lock.json', '.vscodeignore'].map((name) =>
    newest(join(root, name)),
  )
  if (newest(vsix) >= Math.max(...inputs)) return vsix
  const { status, stderr } = spawnSync(process.execPath, ['scripts/package.mjs'], { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`packaging failed:\n${stderr}`)
  return vsix
}

/** Time of the last change in a file or folder, milliseconds; 0 where it is missing. */
function newest(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return 0
  if (!stat.isDirectory()) return stat.mtimeMs
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' })
  return Math.max(...files.map((file) => statSync(join(path, file)).mtimeMs))
}

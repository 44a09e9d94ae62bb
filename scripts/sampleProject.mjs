// Sample projects for tests in VS Code: made once per version of the program, copied for each test.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'

/** Absolute path of a fresh sample project; the one of that name is replaced. */
export function sampleProject(name) {
  const made = resolve('test-results/sample')
  if (!existsSync(resolve(made, 'foldwise/project.jsonc'))) {
    rmSync(made, { recursive: true, force: true })
    const { status, stderr } = spawnSync(process.execPath, ['dist/cli.js', 'sample', made], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`no sample project: ${stderr}`)
  }
  const copy = resolve('test-results/workspaces', name)
  rmSync(copy, { recursive: true, force: true })
  cpSync(made, copy, { recursive: true })
  return copy
}

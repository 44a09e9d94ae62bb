import { execFile } from 'node:child_process'
import { arch, cpus, platform, totalmem } from 'node:os'
import { promisify } from 'node:util'
import type { GitState, HostFacts } from '../protocol/runFolder.ts'

const run = promisify(execFile)

/** Commit of the folder's repository; undefined without git, repository or first commit. */
export async function gitState(folder: string): Promise<GitState | undefined> {
  try {
    const commit = (await git(folder, 'rev-parse', '--verify', 'HEAD')).trim()
    const changes = await git(folder, 'status', '--porcelain', '--untracked-files=no', '--ignore-submodules')
    return { commit, dirty: changes !== '' }
  } catch {
    return undefined
  }
}

/** A repository's own configuration may name a program to run (fsmonitor), and looking must not write (index locks). */
async function git(folder: string, ...command: readonly string[]): Promise<string> {
  const options = {
    timeout: 10_000,
    maxBuffer: 1 << 26,
    windowsHide: true,
    env: { ...process.env, GIT_OPTIONAL_LOCKS: '0' },
  }
  const { stdout } = await run('git', ['-C', folder, '-c', 'core.fsmonitor=false', ...command], options)
  return stdout
}

/** The machine, for comparing durations; nothing that names it or its user. */
export function hostFacts(): HostFacts {
  const processors = cpus()
  const cpu = processors.at(0)?.model.trim() ?? 'unknown'
  return { platform: platform(), arch: arch(), cpu, cores: processors.length, memoryBytes: totalmem() }
}

/** Versions to record: this program's and whatever its engine adds, beside Node's own. */
export function allVersions(others: Readonly<Record<string, string>>): Record<string, string> {
  return { ...others, node: process.versions.node }
}

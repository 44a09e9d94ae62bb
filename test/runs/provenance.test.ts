import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { allVersions, gitState, hostFacts } from '../../src/runs/provenance.ts'
import { temporaryFolder } from './folders.ts'

function git(folder: string, ...args: readonly string[]): string {
  const author = ['-c', 'user.name=a', '-c', 'user.email=a@b.c', '-c', 'commit.gpgsign=false']
  return execFileSync('git', ['-C', folder, ...author, ...args], { encoding: 'utf8' }).trim()
}

describe('the state of the repository', () => {
  it('is its commit, and whether tracked files differ from it', async () => {
    const folder = temporaryFolder()
    git(folder, 'init', '-q')
    writeFileSync(join(folder, 'a'), '1')
    expect(await gitState(folder)).toBeUndefined()
    git(folder, 'add', 'a')
    git(folder, 'commit', '-q', '-m', 'a')
    writeFileSync(join(folder, 'untracked'), '1')
    const commit = git(folder, 'rev-parse', 'HEAD')
    expect(await gitState(folder)).toEqual({ commit, dirty: false })
    writeFileSync(join(folder, 'a'), '2')
    expect(await gitState(folder)).toEqual({ commit, dirty: true })
  })

  it('is unknown outside a repository', async () => {
    expect(await gitState(temporaryFolder())).toBeUndefined()
  })

  it('is asked for without running what the repository names as its file watcher', async () => {
    const folder = temporaryFolder()
    git(folder, 'init', '-q')
    writeFileSync(join(folder, 'a'), '1')
    git(folder, 'add', 'a')
    git(folder, 'commit', '-q', '-m', 'a')
    git(folder, 'config', 'core.fsmonitor', `touch ${join(folder, 'ran')} #`)
    expect(await gitState(folder)).toMatchObject({ dirty: false })
    expect(existsSync(join(folder, 'ran'))).toBe(false)
  })
})

it('facts about the machine do not name it', () => {
  expect(hostFacts()).toMatchObject({ platform: process.platform, arch: process.arch })
  expect(Object.keys(hostFacts()).sort()).toEqual(['arch', 'cores', 'cpu', 'memoryBytes', 'platform'])
})

it("versions name Node's beside those handed in", () => {
  expect(allVersions({ foldwise: '0.1.0' })).toEqual({ foldwise: '0.1.0', node: process.versions.node })
})

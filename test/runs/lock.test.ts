import { spawn } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { describe, expect, it, onTestFinished } from 'vitest'
import { RunLock, lockHolder } from '../../src/runs/lock.ts'
import { processStart } from '../../src/runs/processIdentity.ts'
import { buildProgram, startProgram } from './child.ts'
import { temporaryFolder } from './folders.ts'

/** Takes the lock of a folder, says so, and holds it until stdin closes. */
const holderProgram = `
  import { RunLock } from '../../src/runs/lock.ts'
  try {
    const lock = await RunLock.acquire(process.argv[2])
    console.log('held')
    process.stdin.resume().on('end', () => { lock.release() })
  } catch (error) {
    console.log(error.details?.code ?? error.stack)
  }
`

function writeLock(folder: string, holder: object): string {
  const path = join(folder, 'lock')
  writeFileSync(path, JSON.stringify({ since: '2026-01-31T09:30:00.000Z', host: hostname(), ...holder }))
  return path
}

describe('the lock of a run folder', () => {
  it('is refused to a second process while the first lives, with its pid and what to do', async () => {
    const folder = temporaryFolder()
    const child = startProgram(await buildProgram(holderProgram), folder)
    expect(await child.line()).toBe('held')
    const pid = child.process.pid!

    expect(lockHolder(folder)).toMatchObject({ pid, host: hostname() })
    await expect(RunLock.acquire(folder)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(`process ${pid}`) as unknown,
      details: { code: 'run-locked', hint: expect.stringMatching(`control.*kill ${pid}`) as unknown },
    })
  })

  it('is free again after a release, and leaves nothing behind', async () => {
    const folder = temporaryFolder()
    const child = startProgram(await buildProgram(holderProgram), folder)
    await child.line()
    child.process.stdin!.end()
    await child.ended
    expect(readdirSync(folder)).toEqual([])
    ;(await RunLock.acquire(folder)).release()
    expect(readdirSync(folder)).toEqual([])
  })

  it('is refused twice within one process', async () => {
    const folder = temporaryFolder()
    const lock = await RunLock.acquire(folder)
    await expect(RunLock.acquire(folder)).rejects.toMatchObject({ details: { code: 'run-locked' } })
    lock.release()
  })

  it('is taken over from a process that was killed with SIGKILL', async () => {
    const folder = temporaryFolder()
    const child = startProgram(await buildProgram(holderProgram), folder)
    await child.line()
    await child.killNow()
    expect(existsSync(join(folder, 'lock'))).toBe(true)

    expect(lockHolder(folder)).toBeUndefined()
    const lock = await RunLock.acquire(folder)
    expect(lockHolder(folder)).toMatchObject({ pid: process.pid })
    lock.release()
  })

  it.runIf(process.platform !== 'win32')('is taken over from a zombie: killed, but not yet waited for', async () => {
    // The shell becomes a program that knows nothing of its child, never waits for it, and only then tells its number.
    const rest = 'console.log(process.argv[1]); setTimeout(() => {}, 60_000)'
    const shell = spawn('sh', ['-c', `sleep 60 & exec "$0" -e "$1" $!`, process.execPath, rest])
    onTestFinished(() => {
      shell.kill('SIGKILL')
    })
    const [output] = (await once(shell.stdout, 'data')) as [Buffer]
    const pid = Number(output.toString())
    const start = processStart(pid)
    process.kill(pid, 'SIGKILL')
    while (processStart(pid) !== 'dead') await new Promise((resolve) => setTimeout(resolve, 5))
    // It still answers to a signal, so only its state tells that it is dead.
    expect(process.kill(pid, 0)).toBe(true)

    const folder = temporaryFolder()
    writeLock(folder, { pid, start })
    expect(lockHolder(folder)).toBeUndefined()
  })

  it('is taken over when the pid of its dead holder belongs to another process now', async () => {
    const folder = temporaryFolder()
    const other = processStart(process.ppid)
    expect(other).toBeDefined()
    writeLock(folder, { pid: process.ppid, start: `${other}0` })
    ;(await RunLock.acquire(folder)).release()

    writeLock(folder, { pid: process.ppid, start: other })
    await expect(RunLock.acquire(folder)).rejects.toMatchObject({ details: { code: 'run-locked' } })
  })

  it('of another machine counts as held as long as its heartbeat is fresh', async () => {
    const folder = temporaryFolder()
    const path = writeLock(folder, { pid: 1, host: `${hostname()}-other` })
    await expect(RunLock.acquire(folder)).rejects.toMatchObject({
      message: expect.stringContaining('-other') as unknown,
    })

    const longAgo = new Date(Date.now() - 3_600_000)
    utimesSync(path, longAgo, longAgo)
    ;(await RunLock.acquire(folder)).release()
  })

  it('that its holder died while writing is taken over', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'lock'), '{"pid": 12')
    ;(await RunLock.acquire(folder)).release()
  })

  it('is not released by one who lost it', async () => {
    const folder = temporaryFolder()
    const lock = await RunLock.acquire(folder)
    const path = writeLock(folder, { pid: process.ppid, start: processStart(process.ppid) })
    lock.release()
    expect(readFileSync(path, 'utf8')).toContain(String(process.ppid))
  })

  it('goes to exactly one of many that find the lock and the claim of a dead process at once', async () => {
    const program = await buildProgram(holderProgram)
    for (let round = 0; round < 3; round++) {
      const folder = temporaryFolder()
      writeLock(folder, { pid: process.ppid, start: 'before' })
      writeFileSync(join(folder, `lock.claim.${process.ppid}.before.${encodeURIComponent(hostname())}`), '')
      const contenders = Array.from({ length: 5 }, () => startProgram(program, folder))
      const answers = await Promise.all(contenders.map((child) => child.line()))
      expect(answers.sort()).toEqual(['held', 'run-locked', 'run-locked', 'run-locked', 'run-locked'])
      await Promise.all(contenders.map((child) => child.killNow()))
    }
  })
})

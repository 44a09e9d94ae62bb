import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../src/core/errors.ts'
import { writeAll, writeFileAtomic } from '../../src/runs/atomicFile.ts'
import { writeError } from '../../src/runs/diskErrors.ts'
import { RunFolder } from '../../src/runs/runFolder.ts'
import { Child, buildProgram } from './child.ts'
import { temporaryFolder, temporaryProject } from './folders.ts'

// Files end at 64 KiB: like a full disk, the system takes what still fits and refuses the rest.
const limited = ['-c', 'ulimit -f 64 2>/dev/null; [ "$(ulimit -f)" = 64 ] || exit 9; exec "$0" "$@"']
const limitedBytes = 64 * 1024

function startLimited(program: string, ...args: readonly string[]): Child {
  return new Child('bash', [...limited, process.execPath, program, ...args])
}

/** Whether a process may have a mount of its own, which nobody else sees and which ends with it. */
const hasPrivateMounts = spawnSync('unshare', ['--map-root-user', '--mount', 'true']).status === 0
const onTinyDisk = 'mount -t tmpfs -o size=64k none "$2" || exit 9; exec "$0" "$@"'

describe.runIf(process.platform !== 'win32')('where no space is left', () => {
  it('an atomic file keeps its old content, and no temporary file stays', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'best.safetensors')
    writeFileSync(file, 'old')
    const child = startLimited(
      await buildProgram(`
        import { writeFileAtomic } from '../../src/runs/atomicFile.ts'
        const [, , file, bytes] = process.argv
        try {
          await writeFileAtomic(file, [new Uint8Array(1000), new Uint8Array(Number(bytes))])
          console.log('written')
        } catch (error) {
          console.log(JSON.stringify({ name: error.name, ...error.details }))
        }
      `),
      file,
      '200000',
    )
    expect(JSON.parse(await child.line())).toMatchObject({ name: 'UserError', code: 'disk-full', file })
    await child.ended
    expect(readFileSync(file, 'utf8')).toBe('old')
    expect(readdirSync(folder)).toEqual(['best.safetensors'])
  })

  it.runIf(hasPrivateMounts)('a really full disk is told, and what was complete is kept', async () => {
    const program = await buildProgram(`
      import { readFileSync, readdirSync } from 'node:fs'
      import { writeFileAtomic } from '../../src/runs/atomicFile.ts'
      const [, , folder] = process.argv
      await writeFileAtomic(folder + '/last.safetensors', 'old')
      const error = await writeFileAtomic(folder + '/last.safetensors', [new Uint8Array(200_000)]).catch((e) => e)
      const { code } = error.details
      console.log(JSON.stringify({ code, cause: error.cause.code, files: readdirSync(folder), text: readFileSync(folder + '/last.safetensors', 'utf8') }))
    `)
    const inOwnMount = ['--map-root-user', '--mount', 'bash', '-c', onTinyDisk, process.execPath, program]
    const child = new Child('unshare', [...inOwnMount, temporaryFolder()])
    expect(JSON.parse(await child.line())).toEqual({
      code: 'disk-full',
      cause: 'ENOSPC',
      files: ['last.safetensors'],
      text: 'old',
    })
  })

  it('a history ends with its last complete line and goes on when a shorter one fits', async () => {
    const workspace = await temporaryProject()
    const run = await RunFolder.create(workspace, { experiment: 'baseline', fold: 0, seed: 1 })
    const child = startLimited(
      await buildProgram(`
        import { openWorkspace } from '../../src/runs/workspace.ts'
        import { RunFolder } from '../../src/runs/runFolder.ts'
        import { RunSession } from '../../src/runs/runSession.ts'
        const session = await RunSession.open(RunFolder.open(openWorkspace(process.argv[2]), process.argv[3]))
        let written = 0
        try {
          for (;;) {
            session.append({ type: 'warning', message: 'x'.repeat(5000) })
            written += 1
          }
        } catch (error) {
          session.append({ type: 'failed', code: error.details.code, message: error.message })
          console.log(written)
        }
        session.close()
      `),
      workspace.root,
      run.name,
    )
    const written = Number(await child.line())
    await child.ended
    const text = readFileSync(run.file('events.ndjson'), 'utf8')
    expect(text.length).toBeLessThanOrEqual(limitedBytes)
    expect(text.endsWith('\n')).toBe(true)
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { type: string }).type),
    ).toEqual([...Array.from({ length: written }, () => 'warning'), 'failed'])
    expect((await run.readEvents()).at(-1)).toMatchObject({ type: 'failed', code: 'disk-full' })
  })

  it('the last checkpoint stays the old pair', async () => {
    const workspace = await temporaryProject()
    const run = await RunFolder.create(workspace, { experiment: 'baseline', fold: 0, seed: 1 })
    const child = startLimited(
      await buildProgram(`
        import { openWorkspace } from '../../src/runs/workspace.ts'
        import { RunFolder } from '../../src/runs/runFolder.ts'
        import { RunSession } from '../../src/runs/runSession.ts'
        const session = await RunSession.open(RunFolder.open(openWorkspace(process.argv[2]), process.argv[3]))
        await session.writeLast({ weights: [Buffer.from('old')], state: [Buffer.from('old')] })
        // The weights fit, the state does not.
        const error = await session.writeLast({ weights: [Buffer.from('new')], state: [Buffer.alloc(200_000)] }).catch((e) => e)
        session.close()
        console.log(error.details.code)
      `),
      workspace.root,
      run.name,
    )
    expect(await child.line()).toBe('disk-full')
    await child.ended
    expect(readFileSync(run.file('checkpoints/last.safetensors'), 'utf8')).toBe('old')
    expect(readFileSync(run.file('checkpoints/last.state.safetensors'), 'utf8')).toBe('old')
    expect(readdirSync(join(run.path, 'checkpoints'))).toHaveLength(2)
  })
})

describe('an error of the system while writing', () => {
  it.runIf(existsSync('/dev/full'))('says that the disk is full, as /dev/full is', () => {
    const fd = openSync('/dev/full', 'w')
    try {
      writeAll(fd, Buffer.from('x'))
      expect.unreachable()
    } catch (error) {
      expect(writeError(error, 'runs/a/events.ndjson')).toMatchObject({
        name: 'UserError',
        details: { code: 'disk-full', file: 'runs/a/events.ndjson', cause: error },
      })
    } finally {
      closeSync(fd)
    }
  })

  it('names the file that cannot be written', async () => {
    const file = join(temporaryFolder(), 'absent', 'a.json')
    await expect(writeFileAtomic(file, 'x')).rejects.toMatchObject({
      name: 'UserError',
      details: { code: 'cannot-write', file },
    })
  })

  it('is passed on as it is where it is a bug', () => {
    const bug = new TypeError('x')
    expect(writeError(bug, 'a')).toBe(bug)
    expect(writeError(bug, 'a')).not.toBeInstanceOf(UserError)
  })
})

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { outcomeIn, runIn } from '../../../src/extension/supervisor/jobLog.ts'
import { temporaryFolder } from '../../runs/folders.ts'

function outcome(output: string, errors = ''): ReturnType<typeof outcomeIn> {
  const folder = temporaryFolder()
  const files = [join(folder, 'out'), join(folder, 'err')] as const
  writeFileSync(files[0], output)
  writeFileSync(files[1], errors)
  return outcomeIn(...files)
}

const started = '{"type":"started","run":"a.f0.s0"}\n'

describe("a trainer's last words", () => {
  it('name its run and its end', () => {
    expect(outcome(`${started}{"type":"finished"}\n`)).toMatchObject({ state: 'finished', run: 'a.f0.s0' })
    expect(outcome(`${started}{"type":"stopped"}\n`)).toMatchObject({ state: 'stopped', run: 'a.f0.s0' })
  })

  it('are found behind a long history', () => {
    const steps = '{"type":"step","loss":0.5}\n'.repeat(10_000)
    expect(outcome(`${started}${steps}{"type":"failed","message":"m","hint":"h"}\n`)).toMatchObject({
      state: 'failed',
      run: 'a.f0.s0',
      message: 'm',
      hint: 'h',
    })
  })

  it('name the weights that were missing', () => {
    const download = { encoder: 'resnet18', weights: 'ssl', bytes: 45e6, licence: 'CC-BY-NC-4.0' }
    const failed = { type: 'failed', message: 'm', hint: 'h', download }
    expect(outcome(`${started}${JSON.stringify(failed)}\n`)).toMatchObject({ state: 'failed', download })
  })

  it('are none where it was killed, also in the middle of a line', () => {
    expect(outcome(`${started}{"type":"finis`)).toMatchObject({ state: 'failed', run: 'a.f0.s0', message: undefined })
  })

  it('are the error in a stack, not its last line', () => {
    const stack = "node:internal\n  throw\n\nError: Cannot find module 'x'\n    at load (a.js:1)\n\nNode.js v20\n"
    expect(outcome('', stack)).toMatchObject({ state: 'failed', message: "Error: Cannot find module 'x'" })
  })

  it("are the runtime's where memory ran out", () => {
    const heap = '<--- Last few GCs --->\n\nFATAL ERROR: Reached heap limit - JavaScript heap out of memory\n----- Native stack trace -----\n 1: 0xb7\n' // prettier-ignore
    expect(outcome(started, heap).message).toBe('FATAL ERROR: Reached heap limit - JavaScript heap out of memory')
  })

  it("are the argument parser's", () => {
    expect(outcome('', "error: unknown option '--check'\n(--help shows what there is)\n").message).toBe(
      "error: unknown option '--check'",
    )
  })

  it('are not there before the program has spoken', () => {
    expect(runIn(join(temporaryFolder(), 'absent'))).toBeUndefined()
  })
})

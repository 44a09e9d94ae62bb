import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runProgram } from '../../../src/extension/program/runProgram.ts'
import { temporaryFolder } from '../../runs/folders.ts'

/** A program that does what this text says. */
function program(source: string): string {
  const file = join(temporaryFolder(), 'program.mjs')
  writeFileSync(file, source)
  return file
}

const never = new AbortController().signal

describe('a short command of the program', () => {
  it('gives what it printed, and asks for JSON', async () => {
    const source = 'console.log(JSON.stringify({ type: "said", words: process.argv.slice(2) })); console.log("no JSON")'
    expect(await runProgram(program(source), ['sample', '/data'], never)).toEqual([
      { type: 'said', words: ['sample', '/data', '--json'] },
    ])
  })

  it('tells what it prints as it comes', async () => {
    const source = 'console.log(JSON.stringify({ type: "a" })); console.log(JSON.stringify({ type: "b" }))'
    const told: string[] = []
    await runProgram(program(source), [], never, {}, ({ type }) => told.push(type))
    expect(told).toEqual(['a', 'b'])
  })

  it('gives it the variables that the settings say', async () => {
    const source = 'console.log(JSON.stringify({ type: "said", folder: process.env.FOLDWISE_TENSORFLOW }))'
    expect(await runProgram(program(source), [], never, { FOLDWISE_TENSORFLOW: '/opt/tf' })).toEqual([
      { type: 'said', folder: '/opt/tf' },
    ])
  })

  it("throws what the person can mend in the program's words", async () => {
    const source = 'console.log(JSON.stringify({ type: "failed", code: "exists", message: "there is one", hint: "Edit it." })); process.exitCode = 2' // prettier-ignore
    await expect(runProgram(program(source), [], never)).rejects.toMatchObject({
      name: 'UserError',
      message: 'there is one',
      details: { hint: 'Edit it.', code: 'exists' },
    })
  })

  it('throws a bug as a bug', async () => {
    const source = 'console.log(JSON.stringify({ type: "failed", code: "bug", message: "undefined is no function" })); process.exitCode = 1' // prettier-ignore
    await expect(runProgram(program(source), [], never)).rejects.toMatchObject({
      name: 'Error',
      message: 'undefined is no function',
    })
  })

  it('says what Node said where the program could not run', async () => {
    await expect(runProgram(join(temporaryFolder(), 'absent.mjs'), [], never)).rejects.toThrow(/Cannot find module/)
  })

  it('is ended by its signal', async () => {
    const folder = temporaryFolder()
    const source = `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(join(folder, 'started'))}, ''); setTimeout(() => {}, 600_000)` // prettier-ignore
    const cancel = new AbortController()
    const running = runProgram(program(source), [], cancel.signal)
    while (!existsSync(join(folder, 'started'))) await new Promise((resolve) => setTimeout(resolve, 10))
    cancel.abort(new Error('cancelled'))
    await expect(running).rejects.toThrow('cancelled')
  })
})

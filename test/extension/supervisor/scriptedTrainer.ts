import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * A program that stands in for the trainer where training is not the matter: it does what the experiment's name says, and
 * writes down that it was started.
 */
const source = `
import { appendFileSync } from 'node:fs'
const [verb, experiment, , fold] = process.argv.slice(2)
appendFileSync(new URL('starts', import.meta.url), verb + ' ' + experiment + ' ' + fold + '\\n')
const say = (event) => process.stdout.write(JSON.stringify(event) + '\\n')
const run = experiment + '.f' + fold + '.s0'
const wait = () => setTimeout(() => {}, 600_000)
switch (experiment) {
  case 'works':
    say({ type: 'started', run })
    say({ type: 'finished' })
    break
  case 'refuses':
    say({ type: 'failed', code: 'no-experiment', message: 'there is no such experiment', hint: 'Write it.' })
    process.exitCode = 2
    break
  case 'crashes':
    await import('./absent.mjs')
    break
  case 'hangs':
    say({ type: 'started', run })
    wait()
    break
  case 'stops':
    process.on('SIGTERM', () => { say({ type: 'stopped' }); process.exit(3) })
    say({ type: 'ready' })
    wait()
    break
  case 'doubts':
    say({ type: 'started', run })
    say({ type: 'check', name: 'loss', verdict: 'pass', message: 'the loss falls' })
    say({ type: 'check', name: 'overfit', verdict: 'fail', message: 'one batch cannot be learnt' })
    say({ type: 'finished' })
    process.exitCode = 4
    break
}
`

/** Writes the program into a folder. @returns its path */
export function writeScriptedTrainer(folder: string): string {
  const program = join(folder, 'trainer.mjs')
  writeFileSync(program, source)
  return program
}

/** What was started in the folder of such a program, in order: `train works 0`. */
export function startsIn(folder: string): readonly string[] {
  const file = join(folder, 'starts')
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
}

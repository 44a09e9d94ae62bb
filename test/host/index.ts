import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Mocha from 'mocha'

interface Result {
  readonly title: string
  readonly state: 'passed' | 'failed' | 'skipped'
  /** Milliseconds. */
  readonly duration: number
  readonly error?: string
}

/** What VS Code calls: runs every file of this layer with mocha, and writes what became of each test. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000 })
  for (const file of readdirSync(__dirname, { recursive: true, encoding: 'utf8' }).sort())
    if (file.endsWith('.test.cjs')) mocha.addFile(join(__dirname, file))
  const results: Result[] = []
  const add = (test: Mocha.Runnable, state: Result['state'], error?: Error): void => {
    const reason = error === undefined ? {} : { error: error.stack ?? error.message }
    results.push({ title: test.fullTitle(), state, duration: test.duration ?? 0, ...reason })
  }
  try {
    await new Promise<void>((resolve) => {
      mocha
        .run(() => {
          resolve()
        })
        .on('pass', (test) => {
          add(test, 'passed')
        })
        .on('pending', (test) => {
          add(test, 'skipped')
        })
        // A hook that fails is one too.
        .on('fail', (test, error: Error) => {
          add(test, 'failed', error)
        })
    })
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
    results.push({ title: 'a file that does not load', state: 'failed', duration: 0, error: reason })
  }
  const report = process.env['FOLDWISE_HOST_REPORT']
  if (report !== undefined) writeFileSync(report, JSON.stringify(results, undefined, 2))
  const failed = results.filter(({ state }) => state === 'failed').length
  if (failed > 0) throw new Error(`${failed} tests failed in the host`)
}

import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Mocha from 'mocha'

/** What VS Code calls: runs every file of this layer with mocha, and writes what became of each test. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000 })
  for (const file of readdirSync(__dirname).filter((name) => name.endsWith('.test.cjs')))
    mocha.addFile(join(__dirname, file))
  const passed: string[] = []
  const failed: { readonly title: string; readonly message: string }[] = []
  await new Promise<void>((resolve) => {
    mocha
      .run(() => {
        resolve()
      })
      .on('pass', (test) => passed.push(test.fullTitle()))
      .on('fail', (test, error: Error) =>
        failed.push({ title: test.fullTitle(), message: error.stack ?? error.message }),
      )
  })
  const report = process.env['FOLDWISE_HOST_REPORT']
  if (report !== undefined) writeFileSync(report, JSON.stringify({ passed, failed }))
  if (failed.length > 0) throw new Error(`${failed.length} tests failed in the host`)
}

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Host } from './host.ts'
import { until } from './until.ts'

/**
 * Stands in for the desktop's `code`: what `@vscode/test-electron` starts with `--extensionDevelopmentPath=…
 * --extensionTestsPath=… WORKSPACE`. Ends with the code of the tests.
 */
async function main(words: readonly string[]): Promise<void> {
  const value = (name: string): string | undefined =>
    words.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3)
  const path = (text: string | undefined): string | undefined =>
    text?.startsWith('file:') === true ? fileURLToPath(text) : text
  const extension = path(value('extensionDevelopmentPath'))
  const tests = path(value('extensionTestsPath'))
  if (extension === undefined || tests === undefined) throw new Error('an extension and tests are needed')
  const workspace = words.find((word) => word.startsWith('/'))
  let ended: number | undefined
  const host = await Host.start({
    extension,
    tests,
    ...(workspace === undefined ? {} : { workspace }),
    onTestsEnded: (code) => {
      ended = code
    },
    environment: Object.fromEntries(
      Object.entries(process.env).flatMap(([key, text]) =>
        key.startsWith('FOLDWISE_') && text !== undefined ? [[key, text]] : [],
      ),
    ),
    log: process.env['FOLDWISE_HOST_VERBOSE'] === '1' ? console.error : undefined,
  })
  try {
    // A host that crashes says nothing: the report that the tests did not write tells.
    const report = process.env['FOLDWISE_HOST_REPORT']
    await until('the tests in the host', () => ended !== undefined || isWritten(report), 600)
    process.exitCode = ended ?? 0
  } finally {
    await host.stop()
  }
}

function isWritten(report: string | undefined): boolean {
  try {
    return report !== undefined && readFileSync(report, 'utf8') !== ''
  } catch {
    return false
  }
}

await main(process.argv.slice(2))

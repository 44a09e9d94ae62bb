import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Host } from './host.ts'
import { until } from './until.ts'

/**
 * Stands in for the desktop's `code`: what `@vscode/test-electron` starts with `--extensionDevelopmentPath=…
 * --extensionTestsPath=… WORKSPACE`. Ends with the code of the tests; whether they came to their end their report tells,
 * because VS Code says 0 for a crashed host.
 */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { extensionDevelopmentPath: { type: 'string' }, extensionTestsPath: { type: 'string' } },
    allowPositionals: true,
    // The desktop's other switches mean nothing here.
    strict: false,
  })
  const path = (value: unknown): string => {
    if (typeof value !== 'string') throw new Error('an extension and tests are needed')
    return value.startsWith('file:') ? fileURLToPath(value) : realpathSync(value)
  }
  const workspace = positionals.at(0)
  const codes: number[] = []
  const host = await Host.start({
    extension: path(values['extensionDevelopmentPath']),
    tests: path(values['extensionTestsPath']),
    ...(workspace === undefined ? {} : { workspace }),
    onTestsEnded: (code) => {
      codes.push(code)
    },
    log: process.env['FOLDWISE_HOST_VERBOSE'] === '1' ? console.error : undefined,
  })
  try {
    await until('the extension host', () => codes.length > 0 || host.extensionHosts().length > 0, 90)
    await until('the tests in the host', () => codes.length > 0 || host.extensionHosts().length === 0, 1200)
    return codes.at(0) ?? 1
  } finally {
    await host.stop()
  }
}

process.exitCode = await main()

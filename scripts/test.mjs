// All test layers; the last line counts them. `npm test -- PATTERN` runs the files whose path contains it,
// `--layer unit|host|e2e` one layer. Without VS Code's server the last two are skipped, and the reason is printed.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { ensureHost } from './ensureHost.mjs'

const { values, positionals } = parseArgs({ options: { layer: { type: 'string' } }, allowPositionals: true })
const counts = { passed: 0, failed: 0, skipped: 0 }
const isWanted = (layer) => values.layer === undefined || values.layer === layer

function count({ passed = 0, failed = 0, skipped = 0 }) {
  counts.passed += passed
  counts.failed += failed
  counts.skipped += skipped
}

/** @param config of vitest; undefined for the default one */
function vitest(name, config) {
  const report = `test-results/${name}.json`
  rmSync(report, { force: true })
  const words = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, '--passWithNoTests']
  const where = config === undefined ? [] : ['--config', config]
  spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', ...words, ...where, ...positionals], {
    stdio: 'inherit',
  })
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(readFileSync(report, 'utf8'))
  // A file that does not even load has no failed test of its own.
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((each) => each.status !== 'failed'),
  ).length
  count({ passed: numPassedTests, failed: numFailedTests + broken, skipped: numPendingTests })
}

async function inVsCode() {
  const reason = ensureHost()
  if (reason === undefined) {
    if (isWanted('host')) count(await (await import('./testHost.mjs')).testHost(positionals[0]))
    if (isWanted('e2e')) vitest('e2e', 'vitest.e2e.config.ts')
    return
  }
  const files = [...readdirSync('test/host'), ...readdirSync('test/e2e')].filter((file) =>
    /\.(test|e2e)\.ts$/.test(file),
  )
  console.log(`skipped ${files.length} files of tests in VS Code: ${reason}`)
  // Where VS Code must be tested, its absence is a failure.
  count(process.env.FOLDWISE_REQUIRE_HOST === '1' ? { failed: 1 } : { skipped: files.length })
}

mkdirSync('test-results', { recursive: true })
// The sample may be another one in this version.
rmSync('test-results/sample', { recursive: true, force: true })
try {
  const build = spawnSync(process.execPath, ['esbuild.mjs'], { stdio: 'inherit' })
  if (build.status !== 0) throw new Error('the build failed')
  if (isWanted('unit')) vitest('unit')
  if (isWanted('host') || isWanted('e2e')) await inVsCode()
} catch (error) {
  console.log(error.message)
  count({ failed: 1 })
}
const { passed, failed, skipped } = counts
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exitCode = failed === 0 ? 0 : 1

// All test layers; the last line counts them. `npm test -- PATTERN…` runs the files whose path contains one of them,
// `--layer unit|host|e2e` one layer. Without VS Code's server the last two are skipped, and the reason is printed.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureHost } from './ensureHost.mjs'

const { values, positionals } = parseArgs({ options: { layer: { type: 'string' } }, allowPositionals: true })
const counts = { passed: 0, failed: 0, skipped: 0 }

const layers = {
  unit: { folder: 'test', isTest: (file) => file.endsWith('.test.ts') && !file.startsWith('test/host/'), run: vitest },
  host: { folder: 'test/host', isTest: (file) => file.endsWith('.test.ts'), run: inHost, needsVsCode: true },
  e2e: { folder: 'test/e2e', isTest: (file) => file.endsWith('.e2e.ts'), run: vitest, needsVsCode: true },
}

function count({ passed = 0, failed = 0, skipped = 0 }) {
  counts.passed += passed
  counts.failed += failed
  counts.skipped += skipped
}

function filesOf({ folder, isTest }) {
  return readdirSync(folder, { recursive: true })
    .map((file) => join(folder, file).replaceAll('\\', '/'))
    .filter((file) => isTest(file) && (positionals.length === 0 || positionals.some((part) => file.includes(part))))
    .sort()
}

function vitest(name, files) {
  const report = `test-results/${name === 'unit' ? 'vitest' : name}.json`
  rmSync(report, { force: true })
  const words = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const config = name === 'e2e' ? ['--config', 'vitest.e2e.config.ts'] : []
  const chosen = positionals.length === 0 ? [] : files
  const run = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', ...words, ...config, ...chosen], {
    stdio: 'inherit',
  })
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(readFileSync(report, 'utf8'))
  // A file that does not even load has no failed test of its own.
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((each) => each.status !== 'failed'),
  ).length
  const failed = numFailedTests + broken
  // An error outside of any test is reported by the exit code alone.
  count({ passed: numPassedTests, failed: failed || Number(run.status !== 0), skipped: numPendingTests })
}

async function inHost(_name, files) {
  const { testHost } = await import('./testHost.mjs')
  count(await testHost(files))
}

/** Why a layer cannot run here; undefined where it can. The desktop that test-electron downloads needs no server. */
function obstacle(name) {
  if (!layers[name].needsVsCode || (name === 'host' && process.env.FOLDWISE_VSCODE === 'download')) return undefined
  return ensureHost()
}

async function runLayer(name, files) {
  const reason = obstacle(name)
  if (reason === undefined) {
    await layers[name].run(name, files)
    return
  }
  const isRequired = process.env.FOLDWISE_REQUIRE_HOST === '1'
  console.log(`${isRequired ? 'FAILED' : 'SKIPPED'}: ${files.length} files of layer ${name}: ${reason}.`)
  count(isRequired ? { failed: files.length } : { skipped: files.length })
}

function build() {
  mkdirSync('test-results', { recursive: true })
  // The sample may be another one in this version.
  rmSync('test-results/sample', { recursive: true, force: true })
  return spawnSync(process.execPath, ['esbuild.mjs'], { stdio: 'inherit' }).status === 0
}

async function main() {
  if (values.layer !== undefined && !(values.layer in layers))
    throw new Error(`--layer ${values.layer} is none of ${Object.keys(layers).join(', ')}`)
  const work = Object.keys(layers)
    .filter((name) => values.layer === undefined || values.layer === name)
    .map((name) => [name, filesOf(layers[name])])
    .filter(([, files]) => files.length > 0)
  if (work.length === 0) throw new Error(`no test file has ${positionals.join(' or ')} in its path`)
  if (!build()) throw new Error('the build failed')
  for (const [name, files] of work) {
    const began = performance.now()
    try {
      await runLayer(name, files)
    } catch (error) {
      console.log(`layer ${name}: ${error.stack}`)
      count({ failed: 1 })
    }
    console.log(`== ${name}: ${((performance.now() - began) / 1000).toFixed(1)} s`)
  }
}

try {
  await main()
} catch (error) {
  console.log(error.message)
  count({ failed: 1 })
}
const { passed, failed, skipped } = counts
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exitCode = failed === 0 ? 0 : 1

// The tests that run inside VS Code's extension host, through @vscode/test-electron: with the server of ensureHost.mjs, or,
// with FOLDWISE_VSCODE=download, with the desktop's VS Code that test-electron fetches.
import { runTests } from '@vscode/test-electron'
import { build } from 'esbuild'
import { chmodSync, readFileSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { sampleProject } from './sampleProject.mjs'

const report = resolve('test-results/host.json')
const built = resolve('.tsbuild/host-tests')
const executable = resolve('.tsbuild/host-kit/vscode.mjs')

/** Runs these files of test/host and prints what became of each test. @returns counts */
export async function testHost(files) {
  await buildTests(files)
  const workspace = sampleProject('host')
  rmSync(report, { force: true })
  const ended = await runTests({
    ...(process.env.FOLDWISE_VSCODE === 'download'
      ? { cachePath: resolve('.tsbuild/vscode') }
      : { vscodeExecutablePath: executable }),
    extensionDevelopmentPath: process.cwd(),
    extensionTestsPath: resolve(built, 'index.cjs'),
    launchArgs: [workspace, `--user-data-dir=${resolve('.tsbuild/vscode-profile')}`],
    extensionTestsEnv: { FOLDWISE_HOST_REPORT: report },
  }).catch((error) => error)
  return outcome(ended)
}

async function buildTests(files) {
  rmSync(built, { recursive: true, force: true })
  const common = { bundle: true, platform: 'node', target: 'node20.9', logLevel: 'warning', sourcemap: 'inline' }
  await build({
    ...common,
    entryPoints: ['test/host/index.ts', ...files],
    outbase: 'test/host',
    outdir: built,
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    mainFields: ['module', 'main'],
    external: ['vscode', 'mocha'],
  })
  await build({
    ...common,
    entryPoints: ['test/hostKit/executable.ts'],
    outfile: executable,
    format: 'esm',
    external: ['playwright-core'],
    banner: { js: '#!/usr/bin/env node' },
  })
  chmodSync(executable, 0o755)
}

function outcome(ended) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  try {
    for (const { title, state, duration, error } of JSON.parse(readFileSync(report, 'utf8'))) {
      counts[state]++
      console.log(` ${{ passed: '✓', failed: '✗', skipped: '-' }[state]} ${title}  ${duration} ms`)
      if (error !== undefined) console.log(error)
    }
    if (counts.passed + counts.failed + counts.skipped === 0) throw new Error('no test ran')
  } catch (error) {
    console.log(`The tests in the host left no report (${error.message}); VS Code ended with ${ended}`)
    counts.failed++
  }
  return counts
}

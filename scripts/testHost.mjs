// The tests that run inside VS Code's extension host, through @vscode/test-electron: with the server of ensureHost.mjs, or,
// with FOLDWISE_VSCODE=download, with the desktop's VS Code that test-electron fetches.
import { runTests } from '@vscode/test-electron'
import { build } from 'esbuild'
import { chmodSync, readFileSync, rmSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { sampleProject } from './sampleProject.mjs'

const report = resolve('test-results/host.json')
const built = resolve('.tsbuild/hostTests')
const executable = resolve('.tsbuild/hostKit/vscode.mjs')

/** Runs the layer. @returns counts, and what failed is printed */
export async function testHost(pattern = '') {
  const files = readdirSync('test/host').filter((file) => file.endsWith('.test.ts') && file.includes(pattern))
  if (files.length === 0) return { passed: 0, failed: 0 }
  await buildTests(files)
  const workspace = sampleProject('host')
  rmSync(report, { force: true })
  const started = await runTests({
    ...(process.env.FOLDWISE_VSCODE === 'download' ? {} : { vscodeExecutablePath: executable }),
    extensionDevelopmentPath: process.cwd(),
    extensionTestsPath: resolve(built, 'index.cjs'),
    launchArgs: [workspace],
    extensionTestsEnv: { FOLDWISE_HOST_REPORT: report },
  }).catch((error) => error)
  return outcome(started)
}

async function buildTests(files) {
  rmSync(built, { recursive: true, force: true })
  const common = { bundle: true, platform: 'node', target: 'node20.9', logLevel: 'warning', sourcemap: 'inline' }
  await build({
    ...common,
    entryPoints: ['test/host/index.ts', ...files.map((file) => `test/host/${file}`)],
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

function outcome(started) {
  try {
    const { passed, failed } = JSON.parse(readFileSync(report, 'utf8'))
    for (const title of passed) console.log(` ✓ ${title}`)
    for (const { title, message } of failed) console.log(` ✗ ${title}\n${message}`)
    return { passed: passed.length, failed: failed.length }
  } catch {
    console.log(`The host ended without a report: ${started}`)
    return { passed: 0, failed: 1 }
  }
}

// Bundles a TypeScript entry of the repository (not of the product) and runs it: `node scripts/runSource.mjs FILE [ARGS…]`.
// Files beside it that end in `.child.ts` are bundled too: processes that the entry starts.
import { build } from 'esbuild'
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

const [entry, ...rest] = process.argv.slice(2)
const folder = dirname(entry)
const children = readdirSync(folder).filter((name) => name.endsWith('.child.ts'))
const outdir = join('.tsbuild', 'run', folder)
await build({
  entryPoints: [entry, ...children.map((name) => join(folder, name))],
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  target: 'node20.9',
  format: 'esm',
  mainFields: ['module', 'main'],
  external: ['onnxruntime-node', 'sharp', 'vitest'],
  banner: {
    js: "import { createRequire as foldwiseRequire } from 'node:module';const require = foldwiseRequire(import.meta.url);",
  },
  logLevel: 'warning',
})
const program = join(outdir, basename(entry).replace(/\.ts$/, '.mjs'))
const { status } = spawnSync(process.execPath, ['--enable-source-maps', program, ...rest], { stdio: 'inherit' })
process.exitCode = status ?? 1

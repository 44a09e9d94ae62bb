import { build } from 'esbuild'
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'

// The program: one file for the command line, one for the workers that decode images. Native modules stay outside.
rmSync('dist', { recursive: true, force: true })
await build({
  entryPoints: { cli: 'src/cli/main.ts', loaderWorker: 'src/data/loader/worker.ts' },
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20.9',
  format: 'esm',
  // jsonc-parser's main is UMD, whose require a bundler cannot follow.
  mainFields: ['module', 'main'],
  splitting: false,
  sourcemap: true,
  sourcesContent: false,
  external: ['onnxruntime-node', 'sharp'],
  // CommonJS dependencies inside an ES module still call require.
  banner: {
    js: "import { createRequire as foldwiseRequire } from 'node:module';const require = foldwiseRequire(import.meta.url);",
  },
  logLevel: 'warning',
})

// JSON Schemas for the editor come from the same declarations that the program validates with.
mkdirSync('dist/schemas')
for (const kind of ['experiment', 'project', 'events']) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/cli.js', 'schema', kind], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`foldwise schema ${kind}: ${stderr}`)
  writeFileSync(`dist/schemas/${kind}.schema.json`, stdout)
}

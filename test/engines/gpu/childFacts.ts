import { spawn } from 'node:child_process'
import { basename, join } from 'node:path'
import { build } from 'esbuild'

/**
 * Runs a TypeScript program beside this file in a process of its own and gives the facts that it reports, one JSON object
 * `{ fact, value }` per line.
 */
export async function childFacts(
  program: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ReadonlyMap<string, unknown>> {
  const name = basename(program, '.ts')
  // Inside this repository, so that packages outside the bundle are found.
  const outdir = join('.tsbuild', 'run', name)
  await build({
    entryPoints: { [name]: join(import.meta.dirname, program), loaderWorker: 'src/data/loader/worker.ts' },
    outdir,
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    external: ['onnxruntime-node', 'sharp'],
    banner: { js: "import { createRequire as r } from 'node:module';const require = r(import.meta.url);" },
    logLevel: 'error',
  })
  const env = { ...process.env, ...environment }
  const child = spawn(process.execPath, [join(outdir, `${name}.js`)], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => (output.stdout += String(chunk)))
  child.stderr.on('data', (chunk) => (output.stderr += String(chunk)))
  const code = await new Promise((resolve) => child.on('close', resolve))
  if (code !== 0) throw new Error(`${program} ended with ${String(code)}:\n${output.stdout}\n${output.stderr}`)
  return new Map(
    output.stdout
      .trim()
      .split('\n')
      .map((line) => {
        const { fact, value } = JSON.parse(line) as { fact: string; value: unknown }
        return [fact, value] as const
      }),
  )
}

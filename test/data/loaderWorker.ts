import { build } from 'esbuild'
import { fileURLToPath } from 'node:url'

let built: Promise<URL> | undefined

/**
 * The loader's worker as the product's build makes it: Node 20 runs no TypeScript. Packages stay outside the bundle and are
 * found from where it lies, so that is a build folder of this project.
 */
export async function loaderWorkerUrl(): Promise<URL> {
  built ??= bundle()
  return built
}

async function bundle(): Promise<URL> {
  // Test files run at the same time; each pool process has a file of its own.
  const output = new URL(`../../.tsbuild/loaderWorker.${process.env['VITEST_POOL_ID'] ?? '0'}.mjs`, import.meta.url)
  await build({
    entryPoints: [fileURLToPath(new URL('../../src/data/loader/worker.ts', import.meta.url))],
    outfile: fileURLToPath(output),
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  })
  return output
}

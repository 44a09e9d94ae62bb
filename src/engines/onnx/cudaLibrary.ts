import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/**
 * Whether the runtime's CUDA provider lies beside its library (linux-x64 only). It is too large for the npm registry: the
 * package's post-install fetches it where it is asked to (docs/decisions/015). Without it the runtime writes an error of its
 * own into the terminal, so it is not asked.
 */
export function hasCudaLibrary(): boolean {
  const root = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'))
  return existsSync(join(root, 'bin/napi-v6', process.platform, process.arch, 'libonnxruntime_providers_cuda.so'))
}

import type { KernelFunctions } from './kernelFunctions.ts'
import { kernelsWasm } from './kernels.wasm.ts'

export interface Kernels {
  readonly run: KernelFunctions
  readonly buffer: ArrayBuffer
}

const pageBytes = 65_536

/** Memory of WebAssembly never shrinks: beyond this it is let go when the next image needs less. */
const keptBytes = 256 * 1024 * 1024

const module = new WebAssembly.Module(
  Uint8Array.from({ length: kernelsWasm.length / 2 }, (_, i) =>
    Number.parseInt(kernelsWasm.slice(i * 2, i * 2 + 2), 16),
  ),
)
let loaded: { readonly run: KernelFunctions; readonly memory: WebAssembly.Memory } | undefined

/** The first byte of the memory that a caller may use: 0 means nowhere. */
export const firstByte = 64

/** The kernels with at least so many bytes of memory, which hold anything; good until the next call. */
export function kernelsWith(bytes: number): Kernels {
  const held = loaded?.memory.buffer.byteLength ?? 0
  if (loaded === undefined || (held > keptBytes && bytes <= keptBytes)) loaded = instantiate()
  const { run, memory } = loaded
  const missing = bytes - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / pageBytes))
  return { run, buffer: memory.buffer }
}

function instantiate(): NonNullable<typeof loaded> {
  const memory = new WebAssembly.Memory({ initial: 1 })
  const abort = (): never => {
    throw new Error('A kernel gave up')
  }
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort } })
  return { run: exports as KernelFunctions, memory }
}

/** Lays areas one after the other into the memory, each at a multiple of 16. @returns where each begins, and the end of all */
export function layOut(...lengths: readonly number[]): readonly number[] {
  const starts = [firstByte]
  for (const length of lengths) starts.push(Math.ceil((starts.at(-1)! + length) / 16) * 16)
  return starts
}

// Compiles src/augment/kernels/kernels.as.ts (AssemblyScript) into kernels.wasm.ts beside it: `node scripts/kernels.mjs`, after a change.
// What it writes is committed, so that neither a build nor a test needs the compiler.
import asc from 'assemblyscript/asc'
import { readFileSync, writeFileSync } from 'node:fs'

const folder = 'src/augment/kernels'

/** The text of kernels.wasm.ts as it follows from the source. */
export async function compiledKernels() {
  const { error, stderr, binary } = await compile(readFileSync(`${folder}/kernels.as.ts`, 'utf8'))
  if (error !== null) throw new Error(`${error.message}\n${stderr}`)
  const lines = Buffer.from(binary)
    .toString('hex')
    .match(/.{1,120}/g)
  const text = lines.map((line) => `  '${line}',`).join('\n')
  return `// Made by scripts/kernels.mjs out of kernels.as.ts: do not edit it here.
/** WebAssembly in hexadecimal digits. */
export const kernelsWasm = [
${text}
].join('')
`
}

async function compile(source) {
  let binary
  const options = ['--runtime', 'stub', '--enable', 'simd', '--noAssert', '--importMemory', '-O3']
  const { error, stderr } = await asc.main(['kernels.as.ts', '--outFile', 'kernels.wasm', ...options], {
    readFile: (name) => (name === 'kernels.as.ts' ? source : null),
    writeFile: (name, contents) => {
      if (name === 'kernels.wasm') binary = contents
    },
    listFiles: () => [],
  })
  return { error, stderr: String(stderr), binary }
}

if (process.argv[1]?.endsWith('kernels.mjs')) writeFileSync(`${folder}/kernels.wasm.ts`, await compiledKernels())

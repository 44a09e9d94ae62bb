// Compiles src/augment/kernels/kernels.as.ts (AssemblyScript) with what it imports into kernels.wasm.ts: `node scripts/kernels.mjs`, after a change.
// What it writes is committed, so that neither a build nor a test needs the compiler.
import asc from 'assemblyscript/asc'
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'

const folder = 'src/augment/kernels'

/** The text of kernels.wasm.ts as it follows from the source. */
async function compiledKernels() {
  const names = readdirSync(folder).filter((name) => name.endsWith('.as.ts'))
  const sources = new Map(names.sort().map((name) => [name, readFileSync(`${folder}/${name}`, 'utf8')]))
  const { error, stderr, binary } = await compile(sources)
  if (error !== null) throw new Error(`${error.message}\n${stderr}`)
  const lines = Buffer.from(binary)
    .toString('hex')
    .match(/.{1,120}/g)
  const text = lines.map((line) => `  '${line}',`).join('\n')
  return `// Made by scripts/kernels.mjs out of the *.as.ts beside it: do not edit it here.
/** SHA-256 of them, in the order of their names: a test says when one has changed since. */
export const kernelsSource = '${createHash('sha256')
    .update([...sources.values()].join(''))
    .digest('hex')}'

/** WebAssembly in hexadecimal digits. */
export const kernelsWasm = [
${text}
].join('')
`
}

async function compile(sources) {
  let binary
  const options = ['--runtime', 'stub', '--enable', 'simd', '--noAssert', '--importMemory', '-O3']
  const { error, stderr } = await asc.main(['kernels.as.ts', '--outFile', 'kernels.wasm', ...options], {
    readFile: (name) => sources.get(name) ?? null,
    writeFile: (name, contents) => {
      if (name === 'kernels.wasm') binary = contents
    },
    listFiles: () => [],
  })
  return { error, stderr: String(stderr), binary }
}

writeFileSync(`${folder}/kernels.wasm.ts`, await compiledKernels())

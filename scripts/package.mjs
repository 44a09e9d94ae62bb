// Builds the .vsix for one platform (`npm run package -- linux-x64`): the runtime's binaries for the others are 250 MB.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createVSIX } from '@vscode/vsce'

const target = process.argv[2] ?? `${process.platform}-${process.arch}`
mkdirSync('.tsbuild', { recursive: true })
const ignoreFile = '.tsbuild/vscodeignore'
const binaries = `!node_modules/onnxruntime-node/bin/napi-v6/${target.replace('-', '/')}/**`
writeFileSync(ignoreFile, `${readFileSync('.vscodeignore', 'utf8')}${binaries}\n`)
const packagePath = `foldwise-${target}.vsix`
await createVSIX({
  target,
  packagePath,
  ignoreFile,
  allowMissingRepository: true,
  rewriteRelativeLinks: false,
  dependencies: true,
})
console.log(`packaged ${packagePath}`)

// Builds the .vsix for one platform: the runtime's binaries for the others stay out (they are 250 MB).
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createVSIX } from '@vscode/vsce'

const target = process.argv[2] ?? `${process.platform}-${process.arch}`
const [platform, arch] = target.split('-')
const others = ['darwin/arm64', 'linux/arm64', 'linux/x64', 'win32/arm64', 'win32/x64'].filter(
  (each) => each !== `${platform}/${arch}`,
)
const ignore = [
  readFileSync('.vscodeignore', 'utf8').trim(),
  ...others.map((each) => `node_modules/onnxruntime-node/bin/napi-v6/${each}/**`),
].join('\n')
mkdirSync('.tsbuild', { recursive: true })
writeFileSync('.tsbuild/vscodeignore', `${ignore}\n`)
const packagePath = `foldwise-${target}.vsix`
await createVSIX({
  target,
  packagePath,
  ignoreFile: '.tsbuild/vscodeignore',
  allowMissingRepository: true,
  dependencies: true,
})
console.log(`packaged ${packagePath}`)

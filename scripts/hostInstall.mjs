// Started by ensureHost.mjs under a lock. Progress goes to stderr; stdout gets the one reason where it does not work.
import { spawn } from 'node:child_process'
import * as fs from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { chromiumPath, hostFolder, hostPrograms, hostVersions, nodePackage } from './hostCache.mjs'

class Impossible extends Error {}

const cache = dirname(hostFolder())
const log = join(cache, 'install.log')
const began = performance.now()

function say(step) {
  console.error(`  ${((performance.now() - began) / 1000).toFixed(0).padStart(3)} s  ${step}`)
}

/** Exit code of a program, or why it cannot be run. Under `npm test`, npm tells its children which project is theirs: not this one. */
async function run(program, args, { cwd = cache, env = {}, output = 'ignore' } = {}) {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^npm_(config_(local_)?prefix$|package_)/.test(name),
  )
  const child = spawn(program, args, {
    cwd,
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', output, output],
  })
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message))
    child.on('exit', (code, signal) => resolve(code ?? signal))
  })
}

/** Runs a program that must succeed; its output goes to the log. */
async function must(program, args, options = {}) {
  const output = fs.openSync(log, 'a')
  const code = await run(program, args, { ...options, output })
  fs.closeSync(output)
  if (code === 0) return
  console.error(fs.readFileSync(log, 'utf8').trim().split('\n').slice(-8).join('\n'))
  throw new Impossible(`"${program} ${args.join(' ')}" failed (${code}); its output is in ${log}`)
}

const canRun = async (program, ...args) => (await run(program, args)) === 0

/** Browser, compiler for two native modules, and a font with Hangul for the Korean screenshots. */
async function installDebianPackages() {
  const missing = chromiumPath() === undefined ? ['chromium'] : []
  for (const program of fs.existsSync(hostFolder()) ? [] : ['g++', 'make', 'python3'])
    if (!(await canRun(program, '--version'))) missing.push(program)
  const fonts = (await canRun('dpkg-query', '-W', 'fonts-noto-cjk')) ? [] : ['fonts-noto-cjk']
  const wanted = [...missing, ...fonts]
  if (wanted.length === 0) return
  if (process.getuid() !== 0 || !(await canRun('apt-get', '--version'))) {
    if (missing.length === 0) return
    throw new Impossible(
      `${missing.join(', ')} not found: run "apt-get install ${wanted.join(' ')}" as root (FOLDWISE_CHROMIUM may name a browser elsewhere)`,
    )
  }
  say(`apt-get install ${wanted.join(' ')}`)
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const install = ['install', '-y', '--no-install-recommends', ...wanted]
  if ((await run('apt-get', install, { env })) === 0) return
  // A fresh container has no package lists yet.
  await must('apt-get', ['update'])
  await must('apt-get', install, { env })
}

/** Puts everything together in a folder aside and renames it when it works: a killed install leaves nothing half done. */
async function installServer() {
  const staging = join(cache, 'incomplete')
  fs.rmSync(staging, { recursive: true, force: true })
  fs.mkdirSync(staging)
  fs.writeFileSync(join(staging, 'package.json'), '{ "private": true }')
  fs.writeFileSync(log, '')
  const npm = (cwd, args, env = {}) =>
    must('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd, env })
  const { node, codeServer, vscode } = hostPrograms(staging)

  say(`npm install code-server@${hostVersions.codeServer} ${nodePackage()}@${hostVersions.node}`)
  const packages = [`code-server@${hostVersions.codeServer}`, `${nodePackage()}@${hostVersions.node}`]
  await npm(staging, ['install', '--ignore-scripts', ...packages])
  fs.chmodSync(node, 0o755)

  say('modules of the VS Code server')
  const ofServer = async () => {
    await npm(vscode, ['install', '--ignore-scripts', '--omit=dev'])
    say('native modules')
    const environment = {
      PATH: `${dirname(node)}${delimiter}${process.env.PATH}`,
      npm_config_nodedir: dirname(dirname(node)),
    }
    await npm(vscode, ['rebuild', '@vscode/native-watchdog', '@vscode/spdlog'], environment)
  }
  await Promise.all([ofServer(), npm(join(vscode, 'extensions'), ['install', '--ignore-scripts', '--omit=dev'])])

  // Chat extensions only cost start-up time.
  for (const name of fs.readdirSync(join(vscode, 'extensions')))
    if (/copilot|mxc|mermaid-chat-features/.test(name))
      fs.rmSync(join(vscode, 'extensions', name), { recursive: true, force: true })
  await must(node, [codeServer, '--version'], { env: { HOME: join(staging, 'home') } })
  fs.rmSync(join(staging, 'home'), { recursive: true, force: true })
  fs.renameSync(staging, hostFolder())
  say('ready')
}

try {
  await installDebianPackages()
  if (!fs.existsSync(hostFolder())) await installServer()
} catch (error) {
  if (!(error instanceof Impossible)) throw error
  console.log(error.message)
  process.exitCode = 1
}

// `npm run demo`: makes a small data set in ./demo, trains one fold of its baseline and shows what came of it.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const cli = join(root, 'dist', 'cli.js')
const demo = join(root, 'demo')
const marker = join(demo, '.made-by-foldwise-demo')
const project = join(demo, 'shapes')
const overlays = join(demo, 'overlays')

class DemoError extends Error {}

/** Replaces the folder of an earlier demo; any other folder of this name is left alone. */
function clearDemo() {
  if (existsSync(demo) && readdirSync(demo).length > 0 && !existsSync(marker))
    throw new DemoError(`${demo} holds something that no demo made: move it away first.`)
  rmSync(demo, { recursive: true, force: true })
  mkdirSync(demo)
  writeFileSync(marker, 'npm run demo replaces this folder.\n')
}

/** Runs a verb in the foreground. */
async function foldwise(...args) {
  const child = spawn(process.execPath, [cli, ...args], { stdio: 'inherit' })
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', resolve)
  })
  if (code !== 0) throw new DemoError(`foldwise ${args.join(' ')} ended with code ${code}.`)
}

/** Runs a verb and reads its results. */
function results(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args, '--json'], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  if (status !== 0) throw new DemoError(stderr)
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

async function main() {
  if (spawnSync(process.execPath, ['esbuild.mjs'], { cwd: root, stdio: 'inherit' }).status !== 0)
    throw new DemoError('The program could not be built.')
  clearDemo()
  const began = performance.now()
  await foldwise('sample', project)
  await foldwise('train', 'baseline', '--fold', '0', '--project', project)
  const seconds = (performance.now() - began) / 1000

  const evaluated = results('evaluate', 'baseline.f0.s0', '--project', project, '--overlays', overlays)
  const { scores, constant, images } = evaluated.find(({ type }) => type === 'evaluation')
  const [worst] = [...images].sort((a, b) => a.mIoU - b.mIoU)
  console.log(`
validation mIoU          ${scores.mIoU.toFixed(3)}
constant prediction      ${constant.mIoU.toFixed(3)}  ("${constant.class}" everywhere, on the same images)
data set and training    ${seconds.toFixed(0)} s
overlay of the worst     ${relative(process.cwd(), worst.overlay)}  (image | truth | prediction | errors)
all ${images.length} overlays          ${relative(process.cwd(), overlays)}`)
}

try {
  await main()
} catch (error) {
  if (!(error instanceof DemoError)) throw error
  console.error(error.message)
  process.exitCode = 1
}

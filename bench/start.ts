import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { BenchKind, BenchSettings, Row } from './benchKind.ts'
import { builtFile } from './builtProgram.ts'
import { runPython } from './childProcess.ts'

/** The network and batches of the sample project's baseline. */
const baseline = { arch: 'Unet', encoder: 'tu-tf_efficientnet_lite0', batch: 4, size: 160 }

export const start: BenchKind = {
  name: 'start',
  title: 'Starting',
  text: 'Wall clock from the start of a process. "first step": `foldwise train` on the sample project (Unet over tu-tf_efficientnet_lite0, 4 images of 160×160 decoded from files) until the event of its first step is read, against a Python process that imports torch and segmentation_models_pytorch, builds the same network and takes one step on random numbers. "help": `foldwise --help` against importing torch and segmentation_models_pytorch. The engine has passed its self-test on this machine before, and all files are in the system’s memory: a start that is not measured goes first.',
  cases: (settings) => [
    { name: 'first step', measure: () => measureFirstStep(settings) },
    { name: 'help', measure: () => measureHelp(settings) },
  ],
}

async function measureFirstStep({ rounds, threads, python }: BenchSettings): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'foldwise-bench-'))
  try {
    const [cli, project] = [builtFile('cli.js'), join(folder, 'project')]
    runToEnd(process.execPath, [cli, 'sample', project])
    const words = ['train', 'baseline', '--fold', '0', '--threads', String(threads), '--json', '--project', project]
    const environment = { ...process.env, FOLDWISE_CACHE: join(folder, 'cache') }
    const theirs = (): number =>
      secondsOf(() => runPython(python!, 'torchStep.py', { ...baseline, threads, 'warm-up': 0, steps: 1 }))
    return await inTurn(rounds, threads, {
      ours: () => secondsUntilStep([cli, ...words], environment),
      theirs: python === undefined ? null : theirs,
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measureHelp({ rounds, threads, python }: BenchSettings): Promise<Row> {
  const cli = builtFile('cli.js')
  const theirs = (): number =>
    secondsOf(() => {
      runToEnd(python!, ['-c', 'import torch, segmentation_models_pytorch'])
    })
  return inTurn(rounds, threads, {
    ours: () =>
      secondsOf(() => {
        runToEnd(process.execPath, [cli, '--help'])
      }),
    theirs: python === undefined ? null : theirs,
  })
}

interface Sides {
  /** Seconds. */
  readonly ours: () => number | Promise<number>
  readonly theirs: (() => number) | null
}

/** The first of each is not counted: it reads files from the disk, and ours tests its engine. */
async function inTurn(rounds: number, threads: number, { ours, theirs }: Sides): Promise<Row> {
  const [oursSeconds, theirsSeconds]: [number[], number[]] = [[], []]
  for (let round = 0; round <= rounds; round++) {
    oursSeconds.push(await ours())
    if (theirs !== null) theirsSeconds.push(theirs())
  }
  const measured = { ours: oursSeconds.slice(1), theirs: theirs && theirsSeconds.slice(1) }
  return {
    measures: [{ name: 'time', unit: 's', ...measured }],
    reference: theirs && 'Python, torch, segmentation_models_pytorch',
    settings: `${threads} threads`,
  }
}

function secondsOf(action: () => unknown): number {
  const began = performance.now()
  action()
  return secondsSince(began)
}

function secondsSince(began: number): number {
  return Number(((performance.now() - began) / 1000).toFixed(3))
}

function runToEnd(program: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`)
}

/** Until its first step; the trainer is ended then. */
async function secondsUntilStep(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const began = performance.now()
  const trainer = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] })
  const closed = once(trainer, 'close')
  for await (const line of createInterface({ input: trainer.stdout })) {
    if (!line.includes('"type":"step"')) continue
    const seconds = secondsSince(began)
    trainer.kill('SIGKILL')
    await closed
    return seconds
  }
  throw new Error(`${args.join(' ')}: it ended before its first step`)
}

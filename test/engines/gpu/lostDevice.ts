import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InferenceSession } from 'onnxruntime-node'
import { UserError } from '../../../src/core/errors.ts'
import { writeSampleDataset } from '../../../src/data/sample/sampleDataset.ts'
import type { RunEvent } from '../../../src/protocol/events.ts'
import { findWorkspace } from '../../../src/runs/workspace.ts'
import { resumeRun, trainFold } from '../../../src/train/trainFold.ts'
import { report } from './childReport.ts'

// A process of its own: the runtime's sessions fail here, and the loader's threads need a built program.

const engine = { engine: 'plain', threads: 1 }

const sessions = (InferenceSession as unknown as { readonly prototype: object }).prototype
const original = Object.getOwnPropertyDescriptor(sessions, 'run')!

/** Lets the session's run number `failing` from now on fail with this message; `undefined`: none. */
function failAt(failing: number | undefined, message: string): void {
  let runs = 0
  const run = original.value as (...args: unknown[]) => Promise<unknown>
  Object.defineProperty(sessions, 'run', {
    ...original,
    value: async function (this: InferenceSession, ...args: unknown[]) {
      if (++runs === failing) throw new Error(message)
      return run.apply(this, args)
    },
  })
}

async function makeProject(): Promise<string> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'foldwise-lost-')))
  const { dataset } = await writeSampleDataset(root, { count: 8, size: 32 })
  mkdirSync(join(root, 'foldwise', 'experiments'), { recursive: true })
  const project = { dataset, split: { method: 'KFold', n_splits: 2 } }
  writeFileSync(join(root, 'foldwise', 'project.jsonc'), JSON.stringify(project))
  const experiment = {
    model: { arch: 'Unet', encoder_name: 'resnet18', encoder_depth: 3, decoder_channels: [8, 8, 8] },
    data: { image_size: null, batch_size: 2 },
    train: { epochs: 3 },
  }
  writeFileSync(join(root, 'foldwise', 'experiments', 'tiny.jsonc'), JSON.stringify(experiment))
  return root
}

/** All events until the end, or until the error that ends them. */
async function follow(events: AsyncGenerator<RunEvent, unknown>): Promise<{ seen: RunEvent[]; error: unknown }> {
  const seen: RunEvent[] = []
  try {
    for (let next = await events.next(); next.done !== true; next = await events.next()) seen.push(next.value)
    return { seen, error: null }
  } catch (error) {
    return { seen, error }
  }
}

function factsOf(error: unknown): object {
  if (!(error instanceof UserError)) return { isUserError: false, message: String(error) }
  return { isUserError: true, message: error.message, code: error.details.code, hint: error.details.hint }
}

function losses(events: readonly RunEvent[]): readonly (number | null)[] {
  return events.flatMap((event) => (event.type === 'epoch' ? [event.train.loss] : []))
}

const root = await makeProject()
try {
  const workspace = findWorkspace(root)
  const request = { workspace, experiment: 'tiny', fold: 0, seed: 0, engine }
  for (const [name, message] of [
    ['lost', 'WebGPU device lost (2): A valid external Instance reference no longer exists.'],
    ['full', 'CUDA failure 2: out of memory ; GPU=0'],
  ]) {
    // An epoch is two steps of two runs and two runs of validation: this one is in the second.
    failAt(8, message)
    const { seen, error } = await follow(trainFold(request))
    failAt(undefined, '')
    const started = seen.find((event) => event.type === 'started')
    const resumed = await follow(resumeRun({ workspace, run: started!.run, engine }))
    report(name, {
      error: factsOf(error),
      last: seen.at(-1),
      epochs: losses(seen).length,
      resumed: resumed.seen.at(-1)?.type,
      losses: [...losses(seen), ...losses(resumed.seen)],
    })
  }
  report('whole', losses((await follow(trainFold(request))).seen))
} finally {
  rmSync(root, { recursive: true, force: true })
}

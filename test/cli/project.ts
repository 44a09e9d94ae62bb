import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, onTestFinished } from 'vitest'
import type { EventOf, RunEvent } from '../../src/protocol/events.ts'
import { eventsIn, foldwise } from './program.ts'

/** A folder that is deleted after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'foldwise-cli-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}

/** A network that trains in a second: six steps an epoch on the sample project. */
export const tiny = {
  model: { arch: 'Unet', encoder_name: 'resnet18', encoder_depth: 3, decoder_channels: [16, 8, 8] },
  data: { image_size: null, batch_size: 3 },
  train: { epochs: 3 },
}

/** Makes a sample project of 24 images of 64 × 64 pixels in four folds, with the experiment `tiny`. */
async function makeProject(folder: string): Promise<void> {
  const { code, stderr } = await foldwise(['sample', folder, '--count', '24', '--size', '64'])
  if (code !== 0) throw new Error(stderr)
  writeExperiment(folder, 'tiny', tiny)
}

let prepared: string | undefined

afterAll(() => {
  if (prepared !== undefined) rmSync(prepared, { recursive: true, force: true })
})

/** A sample project of its own for one test. */
export async function tinyProject(): Promise<string> {
  if (prepared === undefined) {
    prepared = mkdtempSync(join(realpathSync(tmpdir()), 'foldwise-cli-'))
    await makeProject(prepared)
  }
  const folder = temporaryFolder()
  cpSync(prepared, folder, { recursive: true })
  return folder
}

export function experimentFile(project: string, name: string): string {
  return join(project, 'foldwise', 'experiments', `${name}.jsonc`)
}

export function writeExperiment(project: string, name: string, content: object | string): void {
  writeFileSync(
    experimentFile(project, name),
    typeof content === 'string' ? content : JSON.stringify(content, undefined, 2),
  )
}

export function runFile(project: string, run: string, file: string): string {
  return join(project, 'foldwise', 'runs', run, file)
}

export function eventsOf(project: string, run: string): readonly RunEvent[] {
  return eventsIn(readFileSync(runFile(project, run, 'events.ndjson'), 'utf8'))
}

/** What training computed, without times: the last word on every step and every epoch. */
export function numbersOf(events: readonly RunEvent[]): { readonly steps: unknown[]; readonly epochs: unknown[] } {
  const steps = new Map<number, unknown>()
  const epochs = new Map<number, unknown>()
  const numbers = ({ step, epoch, loss, parts, lr, gradNorm }: EventOf<'step'>): unknown => ({ step, epoch, loss, parts, lr, gradNorm }) // prettier-ignore
  for (const event of events) {
    if (event.type === 'step') steps.set(event.step, numbers(event))
    if (event.type === 'epoch') epochs.set(event.epoch, { train: event.train, valid: event.valid })
  }
  return { steps: [...steps.values()], epochs: [...epochs.values()] }
}

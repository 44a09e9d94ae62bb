import { spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { formatEventLine, type NewRunEvent } from '../../src/protocol/events.ts'
import { runFiles, type RunRecord } from '../../src/protocol/runFolder.ts'
import { parseRunName } from '../../src/protocol/runName.ts'

/** The run that `trainedProject` trains. */
export const trained = 'baseline.f0.s0'

const quick = {
  model: { arch: 'Unet', encoder_name: 'resnet18', encoder_depth: 3, decoder_channels: [16, 8, 8] },
  loss: [{ name: 'CrossEntropyLoss' }],
  data: { image_size: null, batch_size: 3 },
  train: { epochs: 2 },
}

/** A small sample project in four folds with one run of two epochs, trained in seconds. @returns its folder */
export function trainedProject(name: string): string {
  const folder = resolve('test-results/workspaces', name)
  rmSync(folder, { recursive: true, force: true })
  program('sample', folder, '--count', '24', '--size', '64')
  writeFileSync(join(folder, 'foldwise/experiments/baseline.jsonc'), JSON.stringify(quick, undefined, 2))
  program('train', 'baseline', '--fold', '0', '--project', folder)
  return folder
}

function program(...words: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, ['dist/cli.js', ...words], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`foldwise ${words.join(' ')}: ${stderr}`)
}

export function runFolder(project: string, run: string): string {
  return join(project, 'foldwise/runs', run)
}

/** The trained run under another name, without a result. */
export function copyRun(project: string, name: string): void {
  const { experiment, fold, seed } = parseRunName(name)!
  const folder = runFolder(project, name)
  cpSync(runFolder(project, trained), folder, { recursive: true })
  const record = JSON.parse(readFileSync(join(folder, runFiles.record), 'utf8')) as RunRecord
  const own = { ...record, run: name, experiment, fold, seed, created: new Date().toISOString() }
  writeFileSync(join(folder, runFiles.record), JSON.stringify(own, undefined, 2))
}

/** Lines of events, one a second from now on. */
export function eventLines(events: readonly NewRunEvent[]): string {
  const now = Date.now()
  return events
    .map((event, index) => {
      const time = new Date(now + 1000 * index).toISOString()
      return `${formatEventLine({ time, ...(event.type === 'started' ? { v: 1 } : {}), ...event })}\n`
    })
    .join('')
}

/** A folder of a run whose history is this text. @param record whether it has the trained run's record too */
export function writeRun(project: string, name: string, history: string, record: boolean): void {
  const folder = runFolder(project, name)
  mkdirSync(folder, { recursive: true })
  if (record) cpSync(join(runFolder(project, trained), runFiles.record), join(folder, runFiles.record))
  appendFileSync(join(folder, runFiles.events), history)
}

export function appendHistory(project: string, name: string, text: string): void {
  appendFileSync(join(runFolder(project, name), runFiles.events), text)
}

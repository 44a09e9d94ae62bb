import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatEventLine, type RunEvent } from '../../../src/protocol/events.ts'
import { runFiles, type RunRecord, type RunResult } from '../../../src/protocol/runFolder.ts'
import { runName } from '../../../src/protocol/runName.ts'
import { createProject, type Workspace } from '../../../src/runs/workspace.ts'
import { projectSample } from '../../runs/folders.ts'
import { recordSample, resultSample } from '../../runs/samples.ts'
import { baselineConfig } from './configSample.ts'

/**
 * A project whose every run is on disk as a trainer leaves it, without weights and pictures.
 * @param folder an empty folder  @param experiments each is trained on every one of the `folds`
 */
export async function projectWithRuns(folder: string, experiments: number, folds: number): Promise<Workspace> {
  const workspace = await createProject(folder, { ...projectSample, split: { method: 'KFold', n_splits: folds } }, {})
  const own = join(folder, 'foldwise')
  mkdirSync(join(own, 'results'))
  for (let index = 0; index < experiments; index++) {
    const experiment = index === 0 ? 'baseline' : `experiment-${index}`
    const notes = index === 0 ? {} : { extends: 'baseline', optimizer: { lr: rate(index) } }
    writeFileSync(join(own, 'experiments', `${experiment}.jsonc`), JSON.stringify(notes))
    for (let fold = 0; fold < folds; fold++) writeRun(own, experiment, index, fold)
  }
  return workspace
}

function rate(index: number): number {
  return (1000 + index) / 1e6
}

function writeRun(own: string, experiment: string, index: number, fold: number): void {
  const run = runName({ experiment, fold, seed: 0, attempt: 1 })
  const value = 0.5 + ((index * 7919 + fold * 104_729) % 1000) / 4000
  const seconds = index * 600 + fold * 60
  const time = (offset: number): string => new Date(Date.UTC(2026, 0, 1) + (seconds + offset) * 1000).toISOString()
  const config = { ...baselineConfig, optimizer: { ...baselineConfig.optimizer, lr: rate(index) } }
  const identity = { run, experiment, fold, seed: 0, config: { ...config } }
  const scores = { ...resultSample.scores, mIoU: value }
  const best = { ...resultSample.best, mIoU: value, value }
  const record: RunRecord = { ...recordSample, ...identity, created: time(0) }
  const result: RunResult = { ...resultSample, ...identity, scores, best, finished: time(50) }
  const events: readonly RunEvent[] = [
    { ...record, v: 1, type: 'started', time: time(0), images: { train: 48, valid: 12 } },
    { type: 'phase', time: time(1), phase: 'train' },
    ...Array.from({ length: 20 }, (_, step): RunEvent => stepEvent(time(2 + step), step + 1)),
    {
      type: 'epoch',
      time: time(40),
      epoch: 1,
      train: { loss: 0.4, mIoU: value },
      valid: scores,
      seconds: 30,
      rssBytes: 1e9,
    },
    { type: 'checkpoint', time: time(41), kind: 'best', epoch: 1, step: 20, file: runFiles.best },
    { type: 'checkpoint', time: time(42), kind: 'last', epoch: 2, step: 20, file: runFiles.last },
    { type: 'finished', time: time(50), epoch: 1, best },
  ]
  const folder = join(own, 'runs', run)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, runFiles.record), JSON.stringify(record, undefined, 2))
  writeFileSync(join(folder, runFiles.events), events.map((event) => `${formatEventLine(event)}\n`).join(''))
  writeFileSync(join(own, 'results', `${run}.json`), JSON.stringify(result, undefined, 2))
}

function stepEvent(time: string, step: number): RunEvent {
  return {
    type: 'step',
    time,
    step,
    epoch: 1,
    loss: 1 / step,
    parts: { CrossEntropyLoss: 1 / step },
    lr: 1e-3,
    gradNorm: 1,
    imagesPerSecond: 10,
    dataWaitMs: 0.1,
  }
}

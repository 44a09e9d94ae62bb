import { noProgress, type RunProgress } from '../../src/protocol/runState.ts'
import type { RunResult } from '../../src/protocol/runFolder.ts'
import { parseRunName } from '../../src/protocol/runName.ts'
import type { RunSummary } from '../../src/runs/runSummary.ts'
import { resultSample } from '../runs/samples.ts'

/** A result by the name of its run. @param perClass IoU per class, `a`, `b`, … */
export function resultOf(run: string, mIoU: number, perClass: readonly (number | null)[] = [mIoU]): RunResult {
  const { experiment, fold, seed } = parseRunName(run)!
  const classes = perClass.map((_, index) => String.fromCharCode(97 + index))
  const scores = { ...resultSample.scores, mIoU, classes, perClassIoU: perClass }
  return { ...resultSample, run, experiment, fold, seed, scores, best: { ...resultSample.best, mIoU, value: mIoU } }
}

export function runOf(name: string, phase: RunSummary['phase'], progress: Partial<RunProgress> = {}): RunSummary {
  const created = '2026-01-31T09:30:00.000Z'
  return { name, identity: parseRunName(name)!, phase, created, progress: { ...noProgress, ...progress }, problem: undefined } // prettier-ignore
}

export function byName<Item extends { readonly name: string } | { readonly run: string }>(
  items: readonly Item[],
): ReadonlyMap<string, Item> {
  return new Map(items.map((item) => ['name' in item ? item.name : item.run, item]))
}

export const lastCheckpoint = {
  type: 'checkpoint',
  time: '2026-01-31T09:40:00.000Z',
  kind: 'last',
  epoch: 3,
  step: 30,
  file: 'checkpoints/last.safetensors',
} as const

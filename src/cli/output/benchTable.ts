import type { Benchmark } from '../../train/benchmark.ts'
import { table } from './table.ts'

/** What `foldwise bench --json` says of one device. */
export interface BenchRecord extends Benchmark {
  readonly type: 'bench'
  readonly experiment: string
  readonly fold: number
  readonly epochs: number
  readonly folds: number
  readonly foldMs: number
  readonly allFoldsMs: number
}

/** A row per device, the one that trains fastest first. */
export function benchTable(records: readonly BenchRecord[]): string {
  const fastestFirst = records.toSorted((a, b) => a.foldMs - b.foldMs)
  return table(
    ['device', 'engine', 'step', 'images/s', 'validation', 'memory', 'first step', 'one fold', 'all folds'],
    fastestFirst.map((record) => [
      record.device,
      `${record.engine}/${record.lowering}`,
      milliseconds(record.gradientMs + record.updateMs),
      record.imagesPerSecond.toFixed(1),
      `${milliseconds(record.validationMsPerImage)} an image`,
      `${(record.peakBytes / 2 ** 20).toFixed(0)} MiB`,
      `${(record.startMs / 1000).toFixed(1)} s`,
      duration(record.foldMs),
      duration(record.allFoldsMs),
    ]),
  )
}

export function milliseconds(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`
}

/** Two figures: a forecast has no more. */
export function duration(value: number): string {
  const seconds = value / 1000
  if (seconds < 90) return `${Math.round(seconds)} s`
  const minutes = seconds / 60
  return minutes < 90 ? `${Math.round(minutes)} min` : `${(minutes / 60).toFixed(1)} h`
}

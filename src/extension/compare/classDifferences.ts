import type { RunResult } from '../../protocol/runFolder.ts'

/** IoU of one class, averaged over the folds that both have, each fold over its seeds. */
export interface ClassDifference {
  readonly name: string
  readonly baseline: number
  readonly value: number
  readonly difference: number
}

/** Paired by fold, in the order of the classes; a class that one of the two never measured on a common fold is left out. */
export function classDifferences(
  results: readonly RunResult[],
  baseline: readonly RunResult[],
): readonly ClassDifference[] {
  const names = results.at(0)?.scores.classes ?? []
  return names.flatMap((name) => {
    const [own, base] = [foldMeans(results, name), foldMeans(baseline, name)]
    const folds = [...own.keys()].filter((fold) => base.has(fold))
    if (folds.length === 0) return []
    const [value, before] = [own, base].map((means) => mean(folds.map((fold) => means.get(fold)!)))
    return [{ name, baseline: before, value, difference: value - before }]
  })
}

/** By name: a project whose classes were reordered still compares what it calls the same. */
function foldMeans(results: readonly RunResult[], className: string): ReadonlyMap<number, number> {
  const values = new Map<number, number[]>()
  for (const { fold, scores } of results) {
    const index = scores.classes.indexOf(className)
    const iou = index < 0 ? null : scores.perClassIoU[index]
    if (iou !== null) values.set(fold, [...(values.get(fold) ?? []), iou])
  }
  return new Map(Array.from(values, ([fold, each]) => [fold, mean(each)]))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

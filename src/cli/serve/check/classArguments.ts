import type { Conditions } from '../../../core/merge.ts'
import type { Finding } from './finding.ts'
import { valueAt } from './valueAt.ts'

/** Arguments with one entry per class, and lists of classes, that do not fit the project. */
export function classArgumentFindings(conditions: Conditions, classCount: number): readonly Finding[] {
  const { loss: losses } = conditions
  if (!Array.isArray(losses)) return []
  return losses.flatMap((loss: unknown, index) => [
    ...weightFindings(valueAt(loss, ['class_weights']), ['loss', index, 'class_weights'], classCount),
    ...classFindings(valueAt(loss, ['classes']), ['loss', index, 'classes'], classCount),
  ])
}

function weightFindings(weights: unknown, path: Finding['path'], classCount: number): readonly Finding[] {
  if (!Array.isArray(weights) || weights.length === classCount) return []
  const isNumbers = weights.every((weight) => typeof weight === 'number')
  const fitting = Array.from({ length: classCount }, (_, index) => (weights[index] as number | undefined) ?? 1)
  return [
    {
      path,
      mark: 'value',
      message: `class_weights has ${entries(weights.length)} for ${classCount} classes: one number per class, in the order of ascending class ids.`,
      code: 'class-weights',
      replacements: isNumbers ? [`[${fitting.join(', ')}]`] : [],
    },
  ]
}

function classFindings(classes: unknown, path: Finding['path'], classCount: number): readonly Finding[] {
  if (!Array.isArray(classes)) return []
  const allowed = `indices 0 … ${classCount - 1}, in the order of ascending class ids`
  const common = { mark: 'value', code: 'loss-classes', replacements: [] } as const
  if (classes.length === 0) return [{ ...common, path, message: `classes names no class. Allowed: ${allowed}.` }]
  return classes.flatMap((index: unknown, position) => {
    if (typeof index !== 'number' || index < classCount) return []
    return [{ ...common, path: [...path, position], message: `There is no class of index ${index}: ${allowed}.` }]
  })
}

function entries(count: number): string {
  return `${count} ${count === 1 ? 'entry' : 'entries'}`
}

import { isMonitor, monitorsOf } from '../../../core/monitor.ts'
import type { Conditions } from '../../../core/merge.ts'
import type { Finding } from './finding.ts'
import { meantText, replacementsFor } from './nearestNames.ts'
import { valueAt } from './valueAt.ts'

const paths = [
  ['train', 'monitor'],
  ['train', 'early_stopping', 'monitor'],
]

/** Monitored scores of classes that the project does not have. */
export function monitorFindings(conditions: Conditions, classes: readonly string[]): readonly Finding[] {
  const allowed = monitorsOf(classes)
  return paths.flatMap((path): readonly Finding[] => {
    const value = valueAt(conditions, path)
    if (typeof value !== 'string' || !isMonitor(value) || allowed.includes(value)) return []
    const message = `There is no class "${value.slice(value.indexOf(':') + 1)}" in the project.${meantText(value, allowed)}`
    return [{ path, mark: 'value', message, code: 'unknown-monitor', replacements: replacementsFor(value, allowed) }]
  })
}

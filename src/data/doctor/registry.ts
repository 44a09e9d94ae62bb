import { faultyFiles, oddFiles, readingChoices, unpaired } from './faultyFiles.ts'
import type { Check, Finding, Severity, Subject } from './finding.ts'
import { classesInFolds, emptyMasks, thinObjects } from './labels.ts'
import { alikeImages, tornGroups } from './leakage.ts'
import { splitChanges, splitHolds } from './splitChanges.ts'

/** All checks, in the order in which their findings are told where they matter alike. */
const checks: readonly Check[] = [
  faultyFiles,
  unpaired,
  splitHolds,
  alikeImages,
  tornGroups,
  emptyMasks,
  classesInFolds,
  splitChanges,
  oddFiles,
  readingChoices,
  thinObjects,
]

const order: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 }

/** What all checks find, what matters most first. */
export async function findingsOf(subject: Subject): Promise<readonly Finding[]> {
  const found: Finding[] = []
  for (const check of checks) found.push(...(await check(subject)))
  return found.sort((a, b) => order[a.severity] - order[b.severity])
}

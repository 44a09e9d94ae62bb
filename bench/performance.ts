import { readFileSync, writeFileSync } from 'node:fs'
import { kinds } from './kinds.ts'
import { report } from './report.ts'
import { readResults } from './results.ts'

/** What docs/PERFORMANCE.md says by what is saved. */
export function performanceText(): string {
  return report(kinds, readResults(), readFileSync('bench/notes.md', 'utf8'))
}

export function writePerformance(): void {
  writeFileSync('docs/PERFORMANCE.md', performanceText())
}

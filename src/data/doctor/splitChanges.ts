import { someOf, type Check, type Finding } from './finding.ts'

/** Whether the images can be split at all. */
export const splitHolds: Check = ({ splitFault, scans }) => {
  if (splitFault === undefined) return []
  // Methods that look at masks fail over every faulty file; those have findings of their own.
  const isOfFiles = splitFault.details.code !== 'split' && scans.some(({ faults }) => faults.length > 0)
  const { hint = 'Correct "split" in foldwise/project.jsonc.' } = splitFault.details
  const finding: Finding = {
    code: 'split',
    severity: 'error',
    message: `The images cannot be split: ${splitFault.message.split('\n')[0]}`,
    files: ['foldwise/project.jsonc'],
    why: 'Without folds nothing is trained, and whether they leak cannot be said.',
    remedy: isOfFiles ? 'Mend the files named above first.' : hint,
  }
  return [finding]
}

/** Whether results and `split.json` were made with the folds of today. */
export const splitChanges: Check = ({ split, results, writtenSplitHash: written }) => {
  if (split === undefined) return []
  const findings: Finding[] = []
  const old = results.filter(({ splitHash }) => splitHash !== split.hash).map(({ run }) => run)
  if (old.length > 0)
    findings.push({
      code: 'results-of-other-split',
      severity: 'warning',
      message: `${old.length} of ${results.length} results were made with other folds: ${someOf(old)}.`,
      files: old.map((run) => `foldwise/results/${run}.json`),
      why: 'Images were added, removed or split otherwise since: scores of different folds must not be compared.',
      remedy:
        'Train them again, or bring images and split back to what they were (foldwise/results is in version control).',
    })
  if (written !== undefined && written !== split.hash)
    findings.push({
      code: 'written-split-differs',
      severity: 'warning',
      message: 'foldwise/split.json holds other folds than the project gives now.',
      files: ['foldwise/split.json'],
      why: 'Whoever reads that file works with other folds than training does.',
      remedy: 'Write it again: foldwise split --write',
    })
  return findings
}

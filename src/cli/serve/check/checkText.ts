import { basename, dirname, resolve } from 'node:path'
import { UserError } from '../../../core/errors.ts'
import type { Problem } from '../../../protocol/questions.ts'
import { readProject } from '../../../runs/project.ts'
import type { Workspace } from '../../../runs/workspace.ts'
import type { Pairings } from '../pairings.ts'
import { experimentFindings } from './experimentFindings.ts'
import { problemAt, rangeOf, type Finding } from './finding.ts'
import { projectFindings } from './projectFindings.ts'
import { SourceText } from './sourceText.ts'

/** Nobody mends more at once, and a pasted picture has a million. */
const mostProblems = 100

/**
 * All problems of a project's or experiment's text, which need not be saved; of a half-typed text those of what is there.
 * @param file absolute path that says which file the text is
 * @throws UserError for a file that is neither
 */
export async function checkText(file: string, text: string, pairings: Pairings): Promise<Problem[]> {
  const subject = subjectOf(resolve(file))
  const source = new SourceText(file, text)
  const findings = source.value === undefined ? [] : await findingsOf(source, subject, pairings)
  // What is missing may be about to be typed.
  const shown = source.hasSyntaxFaults ? findings.filter(({ mark }) => mark !== 'missing') : findings
  const problems: readonly Problem[] = [
    ...source.faults.map(({ message, code, ...span }) => ({
      severity: 'error' as const,
      message,
      file,
      ...rangeOf(source.text, span),
      code,
      replacements: [],
    })),
    ...shown.map((finding) => problemAt(source, finding)),
  ]
  return problems.slice(0, mostProblems)
}

interface Subject {
  readonly workspace: Workspace
  /** Name of the experiment; undefined for the project. */
  readonly experiment: string | undefined
}

function subjectOf(file: string): Subject {
  const folder = dirname(file)
  const isInExperiments = basename(folder) === 'experiments' && basename(dirname(folder)) === 'foldwise'
  if (isInExperiments && file.endsWith('.jsonc'))
    return { workspace: { root: dirname(dirname(folder)) }, experiment: basename(file, '.jsonc') }
  if (basename(file) === 'project.jsonc' && basename(folder) === 'foldwise')
    return { workspace: { root: dirname(folder) }, experiment: undefined }
  throw new UserError('this file is neither a project nor an experiment', {
    file,
    allowed: ['foldwise/project.jsonc', 'foldwise/experiments/NAME.jsonc'],
    code: 'not-checkable',
  })
}

async function findingsOf(
  source: SourceText,
  { workspace, experiment: name }: Subject,
  pairings: Pairings,
): Promise<readonly Finding[]> {
  if (name === undefined) return projectFindings(source, workspace, pairings)
  return experimentFindings(source, { workspace, name, classes: classesOf(workspace) })
}

/** A project that cannot be read says so where it is open itself. */
function classesOf(workspace: Workspace): readonly string[] | undefined {
  try {
    return readProject(workspace).project.dataset.classes.map(({ name }) => name)
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

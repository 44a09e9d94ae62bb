import { projectSchema } from '../../../core/project.ts'
import { listExperiments } from '../../../runs/experiments.ts'
import type { Workspace } from '../../../runs/workspace.ts'
import type { Pairings } from '../pairings.ts'
import { datasetFindings } from './datasetFindings.ts'
import type { Finding } from './finding.ts'
import { hasExperiment } from './inheritance.ts'
import { meantText, replacementsFor } from './nearestNames.ts'
import { schemaFindings } from './schemaFindings.ts'
import type { SourceText } from './sourceText.ts'
import { valueAt } from './valueAt.ts'

/** Everything wrong with the text of a project, in it or in the folders that it names. */
export async function projectFindings(
  source: SourceText,
  workspace: Workspace,
  pairings: Pairings,
): Promise<readonly Finding[]> {
  return [
    ...schemaFindings(projectSchema, source.value),
    ...baselineFindings(source.value, workspace),
    ...(await datasetFindings(source.value, workspace.root, pairings)),
  ]
}

function baselineFindings(project: unknown, workspace: Workspace): readonly Finding[] {
  const written = valueAt(project, ['baseline'])
  const name = written ?? 'baseline'
  // A project that is only being written down has no experiments yet.
  if (typeof name !== 'string' || hasExperiment(workspace, name)) return []
  const experiments = listExperiments(workspace)
  const message = `There is no experiment "${name}" in foldwise/experiments.${meantText(name, experiments)}`
  return [
    {
      path: ['baseline'],
      mark: written === undefined ? 'missing' : 'value',
      message,
      code: 'no-experiment',
      replacements: replacementsFor(name, experiments),
      ...(written === undefined ? { severity: 'warning' } : {}),
    },
  ]
}

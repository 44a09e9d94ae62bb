import { UserError } from '../../../src/core/errors.ts'
import type { ExperimentConfig } from '../../../src/core/experiment.ts'
import type { ExperimentFile } from '../../../src/core/experimentFile.ts'
import { parseProject } from '../../../src/core/project.ts'
import type { Project } from '../../../src/core/projectSchema.ts'
import type { RunResult } from '../../../src/protocol/runFolder.ts'
import type { RunSummary } from '../../../src/runs/runSummary.ts'
import { compareResults } from '../../../src/extension/store/compareResults.ts'
import { ProjectTree, type TreeSource } from '../../../src/extension/tree/projectTree.ts'
import { projectSample } from '../../runs/folders.ts'
import { resultOf } from '../samples.ts'
import { baselineConfig } from './configSample.ts'

/** A result of the sample project. @param config what differs from the baseline's */
export function result(run: string, mIoU: number, config: Partial<ExperimentConfig> = {}): RunResult {
  return { ...resultOf(run, mIoU), config: { ...baselineConfig, ...config } }
}

interface Given {
  readonly files?: Readonly<Record<string, ExperimentFile | UserError>>
  readonly results?: readonly RunResult[]
  readonly runs?: readonly RunSummary[]
  readonly project?: Partial<Project> | UserError
}

/** A store whose maps a test may change, as the real one does when a file changes. */
export interface Store extends TreeSource {
  readonly runs: Map<string, RunSummary>
  readonly results: Map<string, RunResult>
  readonly unreadableResults: Map<string, UserError>
}

/** Baseline and two folds unless said otherwise. */
export function storeOf({ files = { baseline: {} }, results = [], runs = [], project = {} }: Given): Store {
  const known = new Map(results.map((each) => [each.run, each]))
  const readProject = (): Project => {
    if (project instanceof UserError) throw project
    const sample = parseProject({ ...projectSample, split: { method: 'KFold', n_splits: 2 } }, () => ({}))
    return { ...sample, ...project }
  }
  return {
    workspace: { root: '/project' },
    experimentFiles: new Map(Object.entries(files)),
    runs: new Map(runs.map((each) => [each.name, each])),
    results: known,
    unreadableResults: new Map(),
    project: readProject,
    comparison: () => {
      const compared = compareResults(known.values(), readProject)
      if (compared instanceof UserError) throw compared
      return compared
    },
  }
}

export function treeOf(given: Given): ProjectTree {
  return new ProjectTree(storeOf(given))
}

/** Names in the order of the view. */
export function listed(
  tree: ProjectTree,
  options: Partial<Parameters<ProjectTree['experiments']>[0]> = {},
): readonly string[] {
  return tree.experiments({ filter: '', sort: 'name', ...options }, (phase) => phase)
}

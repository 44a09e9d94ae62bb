import type { Project } from '../core/projectSchema.ts'
import type { ImageFold } from '../core/splits/splitImages.ts'
import type { ImagePair } from '../data/folders.ts'
import { listPairs } from '../data/formats/registry.ts'
import { splitPairs } from '../data/imageFacts.ts'
import { readProject } from '../runs/project.ts'
import type { Workspace } from '../runs/workspace.ts'

export interface ProjectFolds {
  readonly project: Project
  /** All images with their masks, sorted by name. */
  readonly pairs: readonly ImagePair[]
  readonly folds: readonly ImageFold[]
  readonly hash: string
  readonly warnings: readonly string[]
}

/** The project's data set and how it is split. @throws UserError for a wrong project file or data set */
export async function projectFolds(workspace: Workspace): Promise<ProjectFolds> {
  const { project } = readProject(workspace)
  const { pairs, warnings } = await listPairs({ root: workspace.root, ...project.dataset })
  const split = await splitPairs(workspace.root, project, pairs)
  return { project, pairs, folds: split.folds, hash: split.hash, warnings: [...warnings, ...split.warnings] }
}

import { parseProject } from '../core/project.ts'
import type { Project } from '../core/projectSchema.ts'
import type { JsoncDocument } from './jsonc.ts'
import { readProjectFile, type Workspace } from './workspace.ts'

/** @throws UserError for broken JSONC or a wrong value, with file and line */
export function readProject(workspace: Workspace): { readonly project: Project; readonly document: JsoncDocument } {
  const document = readProjectFile(workspace)
  return { project: parseProject(document.value, document.locate), document }
}

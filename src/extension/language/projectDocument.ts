import type * as vscode from 'vscode'
import type { OpenProjects } from '../store/openProjects.ts'
import type { ProjectStore } from '../store/projectStore.ts'
import { foldwiseFile, type FoldwiseFile } from './foldwiseFile.ts'

/** An open project file or experiment with the project that it belongs to. */
export interface ProjectDocument {
  readonly store: ProjectStore
  readonly file: FoldwiseFile
}

/** undefined for any other document, also for older versions of these files in a comparison. */
export function projectDocument(projects: OpenProjects, uri: vscode.Uri): ProjectDocument | undefined {
  if (uri.scheme !== 'file') return undefined
  const store = projects.of(uri)
  const file = store && foldwiseFile(store.workspace.root, uri.fsPath)
  return file && { store, file }
}

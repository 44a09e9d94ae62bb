import * as vscode from 'vscode'
import { isExperimentName, parseRunName } from '../../protocol/runName.ts'
import type { Workspace } from '../../runs/workspace.ts'
import { Disposables } from './disposables.ts'

/** A file of a project was made, changed or deleted, by whomever. */
export type FileChange =
  | { readonly type: 'project' }
  | { readonly type: 'experiment' | 'result' | 'run'; readonly name: string }
  /** A whole folder came or went: its files are not told of one by one. */
  | { readonly type: 'folder' }

/** Watches what the views show of a project. */
export class ProjectWatcher implements vscode.Disposable {
  private readonly own = new Disposables()
  private readonly changed = this.own.add(new vscode.EventEmitter<FileChange>())
  readonly onDidChange = this.changed.event
  private readonly root: vscode.Uri

  constructor({ root }: Workspace) {
    this.root = vscode.Uri.file(root)
    this.watch('project.jsonc', () => ({ type: 'project' }))
    this.watch('experiments/*.jsonc', (path) => {
      const name = /\/experiments\/([^/]+)\.jsonc$/.exec(path)?.[1]
      return name !== undefined && isExperimentName(name) ? { type: 'experiment', name } : undefined
    })
    this.watch('results/*.json', (path) => {
      const name = /\/results\/([^/]+)\.json$/.exec(path)?.[1]
      return name !== undefined && parseRunName(name) !== undefined ? { type: 'result', name } : undefined
    })
    // A run is new, taken up again, or gone; or it is copied here file by file. What a living trainer writes is followed.
    this.watch('runs/*{,/lock,/run.json,/events.ndjson}', (path) => {
      const name = /\/foldwise\/runs\/([^/]+)/.exec(path)?.[1]
      return name !== undefined && parseRunName(name) !== undefined ? { type: 'run', name } : undefined
    })
    this.watch('{runs,results,experiments}', () => ({ type: 'folder' }))
    this.watch('', () => ({ type: 'folder' }))
  }

  dispose(): void {
    this.own.dispose()
  }

  private watch(pattern: string, changeOf: (path: string) => FileChange | undefined): void {
    const within = pattern === '' ? 'foldwise' : `foldwise/${pattern}`
    const watched = new vscode.RelativePattern(this.root, within)
    const files = this.own.add(vscode.workspace.createFileSystemWatcher(watched))
    const tell = ({ path }: vscode.Uri): void => {
      const change = changeOf(path)
      if (change !== undefined) this.changed.fire(change)
    }
    this.own.add(files.onDidCreate(tell))
    this.own.add(files.onDidChange(tell))
    this.own.add(files.onDidDelete(tell))
  }
}

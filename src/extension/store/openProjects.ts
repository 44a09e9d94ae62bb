import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as vscode from 'vscode'
import { UserError } from '../../core/errors.ts'
import { openWorkspace } from '../../runs/workspace.ts'
import { Disposables } from './disposables.ts'
import { ProjectStore, type StoreChange } from './projectStore.ts'

export interface ChangeWithin {
  readonly store: ProjectStore
  readonly change: StoreChange
}

/** The projects of the window's folders: one per root that has a `foldwise/project.jsonc`. */
export class OpenProjects implements vscode.Disposable {
  private readonly own = new Disposables()
  private readonly changed = this.own.add(new vscode.EventEmitter<void>())
  /** A project appeared or went. */
  readonly onDidChange = this.changed.event
  private readonly changedWithin = this.own.add(new vscode.EventEmitter<ChangeWithin>())
  readonly onDidChangeWithin = this.changedWithin.event
  private readonly stores = new Map<string, ProjectStore>()

  constructor() {
    this.own.add(
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        this.refresh()
      }),
    )
    const files = this.own.add(
      vscode.workspace.createFileSystemWatcher('**/foldwise/project.jsonc', false, true, false),
    )
    this.own.add(
      files.onDidCreate(() => {
        this.refresh()
      }),
    )
    this.own.add(
      files.onDidDelete(() => {
        this.refresh()
      }),
    )
    this.refresh()
  }

  get all(): readonly ProjectStore[] {
    return [...this.stores.values()]
  }

  at(root: string): ProjectStore | undefined {
    return this.stores.get(root)
  }

  /** The project that a file lies in. */
  of(file: vscode.Uri): ProjectStore | undefined {
    const path = file.fsPath
    return this.all.find(({ workspace: { root } }) => path === root || path.startsWith(join(root, '/')))
  }

  /** Looks again which folders hold a project: after one was made. */
  refresh(): void {
    const roots = (vscode.workspace.workspaceFolders ?? [])
      .filter(({ uri }) => uri.scheme === 'file')
      .flatMap(({ uri }) => rootOf(uri.fsPath) ?? [])
    for (const [root, store] of this.stores) {
      if (roots.includes(root)) continue
      store.dispose()
      this.stores.delete(root)
    }
    for (const root of roots) {
      if (this.stores.has(root)) continue
      const store = new ProjectStore({ root })
      store.onDidChange((change) => {
        this.changedWithin.fire({ store, change })
      })
      this.stores.set(root, store)
    }
    void vscode.commands.executeCommand('setContext', 'foldwise.hasProject', this.stores.size > 0)
    this.changed.fire()
  }

  dispose(): void {
    for (const store of this.stores.values()) store.dispose()
    this.own.dispose()
  }
}

function rootOf(folder: string): string | undefined {
  if (!existsSync(join(folder, 'foldwise', 'project.jsonc'))) return undefined
  try {
    return openWorkspace(folder).root
  } catch (error) {
    // A link that leads out of the folder: the command line says so, a window has nothing to show.
    if (error instanceof UserError) return undefined
    throw error
  }
}

import * as vscode from 'vscode'
import { showFailure } from '../failure.ts'
import type { Services } from '../services.ts'
import { Disposables } from '../store/disposables.ts'
import type { ChangeWithin } from '../store/openProjects.ts'
import type { ProjectStore } from '../store/projectStore.ts'
import { ProjectTree, type TreeUpdate } from './projectTree.ts'
import { TreeRows } from './treeRows.ts'

/** Some runs of one project changed. */
export interface RowsUpdate {
  readonly rows: TreeRows
  readonly names: ReadonlySet<string>
  readonly update: TreeUpdate
}

/** The rows of every open project, shared by the views. Made when they are first drawn, again when everything changed. */
export class ProjectTrees implements vscode.Disposable {
  private readonly own = new Disposables()
  private readonly changed = this.own.add(new vscode.EventEmitter<RowsUpdate | undefined>())
  /** undefined: everything changed. */
  readonly onDidChange = this.changed.event
  private readonly services: Services
  private readonly rows = new Map<ProjectStore, TreeRows>()

  constructor(services: Services) {
    this.services = services
    this.own.add(
      services.projects.onDidChange(() => {
        this.rows.clear()
        this.changed.fire(undefined)
      }),
    )
    this.own.add(
      services.projects.onDidChangeWithin((change) => {
        try {
          this.take(change)
        } catch (error) {
          void showFailure(error, services.log)
        }
      }),
    )
  }

  get stores(): readonly ProjectStore[] {
    return this.services.projects.all
  }

  /** Resolves when every project has been read. */
  async loaded(): Promise<void> {
    await Promise.all(this.stores.map(({ loaded }) => loaded))
  }

  of(store: ProjectStore): TreeRows {
    const rows = this.rows.get(store) ?? new TreeRows(new ProjectTree(store))
    this.rows.set(store, rows)
    return rows
  }

  /** undefined where the project was closed meanwhile. */
  at(root: string): TreeRows | undefined {
    const store = this.services.projects.at(root)
    return store && this.of(store)
  }

  dispose(): void {
    this.own.dispose()
  }

  private take({ store, change }: ChangeWithin): void {
    // Before everything is read there are no rows, and the views wait.
    if (!store.isLoaded) return
    const rows = this.rows.get(store)
    if (change.type === 'everything' || rows === undefined) {
      this.rows.delete(store)
      this.changed.fire(undefined)
      return
    }
    this.changed.fire({ rows, names: change.names, update: rows.tree.update(change.names) })
  }
}

import * as vscode from 'vscode'
import {
  rememberedSelection,
  type CurvesSelection,
  type FromCurves,
  type RunId,
} from '../../protocol/curvesMessages.ts'
import { showFailure } from '../failure.ts'
import type { Services, Target } from '../services.ts'
import { Disposables } from '../store/disposables.ts'
import { CurvesSession } from './curvesSession.ts'
import { selectionName, type SelectionName } from './shownRuns.ts'
import { viewTypes } from './viewTypes.ts'
import { viewFolder, webviewHtml, type PanelPlace } from './webviewHtml.ts'

/** There is one: runs are compared in it, not beside it. */
let open: CurvesPanel | undefined

/** Key under which the workspace remembers the runs that were shown last. */
export const curvesMemory = 'curves.runs'

/** Shows the runs instead of what the panel showed before, or in addition to it. @param place of a new panel */
export function showCurves(
  services: Services,
  runs: readonly RunId[],
  how: 'instead' | 'in addition',
  place: PanelPlace = vscode.ViewColumn.Active,
): void {
  const now = new Date().toISOString()
  if (open === undefined) {
    const panel = vscode.window.createWebviewPanel(viewTypes.curves, titleOf({ kind: 'nothing' }), place)
    open = new CurvesPanel(services, panel, { runs, since: now })
  } else {
    if (how === 'instead') open.session.select({ runs, since: now })
    else open.session.addRuns(runs, now)
    open.reveal()
  }
}

export function isCurvesOpen(): boolean {
  return open !== undefined
}

/** The runs that were chosen for the open panel; empty where none is open. */
export function chosenRuns(): readonly RunId[] {
  return open?.session.shown.filter(({ isReference }) => !isReference).map(({ id }) => id) ?? []
}

/** Takes over a panel that VS Code kept over a reload. @param state what the view remembered */
export function restoreCurves(services: Services, panel: vscode.WebviewPanel, state: unknown): void {
  if (open === undefined) open = new CurvesPanel(services, panel, rememberedSelection(state) ?? { runs: [], since: '' })
  else panel.dispose()
}

class CurvesPanel {
  readonly session: CurvesSession
  private readonly services: Services
  private readonly panel: vscode.WebviewPanel
  private readonly own = new Disposables()

  constructor(services: Services, panel: vscode.WebviewPanel, selection: CurvesSelection) {
    this.services = services
    this.panel = panel
    this.session = new CurvesSession(
      selection,
      () => services.projects.all,
      (message) => {
        void panel.webview.postMessage(message)
      },
      (error) => {
        void showFailure(error, services.log)
      },
    )
    this.listen()
    const { extensionUri } = services.context
    panel.webview.options = { enableScripts: true, localResourceRoots: [viewFolder(extensionUri)] }
    panel.webview.html = webviewHtml(panel.webview, extensionUri, 'curves', vscode.l10n.t('Curves'))
    this.retitle()
  }

  reveal(): void {
    this.retitle()
    this.panel.reveal()
  }

  private listen(): void {
    const { projects } = this.services
    this.own.add(
      projects.onDidChange(() => {
        this.guarded(() => {
          this.session.refreshProjects()
        })
      }),
    )
    this.own.add(
      projects.onDidChangeWithin(({ store, change }) => {
        this.guarded(() => {
          if (change.type === 'everything') this.session.refreshProjects()
          else this.session.refreshRuns(store.workspace.root, change.names)
        })
      }),
    )
    this.own.add(
      this.panel.webview.onDidReceiveMessage((message: FromCurves) => {
        this.guarded(() => this.receive(message))
      }),
    )
    this.own.add(
      this.panel.onDidChangeViewState(() => {
        if (!this.panel.visible) this.session.pause()
      }),
    )
    this.panel.onDidDispose(() => {
      this.session.pause()
      this.own.dispose()
      open = undefined
    })
  }

  private async receive(message: FromCurves): Promise<void> {
    switch (message.type) {
      case 'ready':
        // After a reload the projects are being read yet: without them every run would seem to be gone.
        await Promise.all(this.services.projects.all.map(({ loaded }) => loaded))
        this.session.begin()
        this.retitle()
        return
      case 'select-runs':
        await vscode.commands.executeCommand('foldwise.openCurves')
        return
      case 'open-overlay': {
        const target: Target = message.run
        await vscode.commands.executeCommand('foldwise.openOverlay', target)
        return
      }
      default:
        message satisfies never
    }
  }

  private guarded(action: () => Promise<void> | void): void {
    void (async () => {
      try {
        await action()
        this.retitle()
      } catch (error) {
        void showFailure(error, this.services.log)
      }
    })()
  }

  private retitle(): void {
    const title = titleOf(selectionName(this.session.shown))
    if (this.panel.title !== title) this.panel.title = title
  }
}

function titleOf(name: SelectionName): string {
  switch (name.kind) {
    case 'nothing':
      return vscode.l10n.t('Curves')
    case 'run':
      return vscode.l10n.t('Curves: {0}', name.name)
    case 'experiment':
      return vscode.l10n.t('Curves: {0} ({1} runs)', name.name, name.count)
    case 'runs':
      return vscode.l10n.t('Curves: {0} runs', name.count)
    default:
      return name satisfies never
  }
}

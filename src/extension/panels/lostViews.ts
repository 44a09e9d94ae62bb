import * as vscode from 'vscode'
import type { RunId } from '../../protocol/curvesMessages.ts'
import { showFailure } from '../failure.ts'
import type { Services } from '../services.ts'
import { curvesMemory, isCurvesOpen, showCurves } from './curvesPanel.ts'
import { overlayTitle, isOverlayOpen, showOverlay } from './overlayPanel.ts'
import { viewTypes } from './viewTypes.ts'

/** By then VS Code has asked a serializer about every view that it shows. */
const patienceMilliseconds = 5000

/**
 * Opens anew what a crash of the extension host cut off: unlike after a reload, VS Code keeps the tabs of the views then,
 * and connects nobody to them any more.
 */
export function registerLostViews(services: Services): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined
  const lookLater = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      reopenLost(services).catch((error: unknown) => {
        void showFailure(error, services.log)
      })
    }, patienceMilliseconds)
  }
  lookLater()
  // A view behind another tab is restored, or found to be lost, when it is looked at.
  const tabs = vscode.window.tabGroups.onDidChangeTabs(lookLater)
  return new vscode.Disposable(() => {
    clearTimeout(timer)
    tabs.dispose()
  })
}

async function reopenLost(services: Services): Promise<void> {
  for (const { activeTab, viewColumn } of vscode.window.tabGroups.all) {
    if (!(activeTab?.input instanceof vscode.TabInputWebview)) continue
    const { viewType } = activeTab.input
    const place = { viewColumn, preserveFocus: true }
    if (viewType.endsWith(viewTypes.curves) && !isCurvesOpen()) {
      await vscode.window.tabGroups.close(activeTab, true)
      showCurves(services, services.context.workspaceState.get<readonly RunId[]>(curvesMemory, []), 'instead', place)
    } else if (viewType.endsWith(viewTypes.overlay) && !isOverlayOpen(activeTab.label)) {
      await vscode.window.tabGroups.close(activeTab, true)
      const subject = await subjectOf(services, activeTab.label)
      if (subject !== undefined) showOverlay(services, subject, place)
    }
  }
}

async function subjectOf({ projects }: Services, title: string) {
  for (const { loaded, workspace, runs } of projects.all) {
    await loaded
    const run = [...runs.keys()].find((name) => overlayTitle(name) === title)
    if (run !== undefined) return { root: workspace.root, run }
  }
  return undefined
}

import * as vscode from 'vscode'
import type { Services } from '../services.ts'

export const curvesViewType = 'foldwise.curves'

/** Curves that were open when the window was reloaded come back with their runs and settings. */
export function registerCurvesRestoring(services: Services): vscode.Disposable {
  return vscode.window.registerWebviewPanelSerializer(curvesViewType, {
    async deserializeWebviewPanel(panel, state: unknown) {
      const { restoreCurves } = await import('./curvesPanel.ts')
      restoreCurves(services, panel, state)
    },
  })
}

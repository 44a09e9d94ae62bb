import * as vscode from 'vscode'
import type { Services } from '../services.ts'
import { viewTypes } from './viewTypes.ts'

/** Views that were open when the window was reloaded come back as they were. */
export function registerRestoring(services: Services): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.window.registerWebviewPanelSerializer(viewTypes.curves, {
      async deserializeWebviewPanel(panel, state: unknown) {
        const { restoreCurves } = await import('./curvesPanel.ts')
        restoreCurves(services, panel, state)
      },
    }),
    vscode.window.registerWebviewPanelSerializer(viewTypes.overlay, {
      async deserializeWebviewPanel(panel, state: unknown) {
        const { restoreOverlay } = await import('./overlayPanel.ts')
        restoreOverlay(services, panel, state)
      },
    }),
  )
}

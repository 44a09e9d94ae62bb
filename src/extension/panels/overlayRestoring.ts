import * as vscode from 'vscode'
import type { Services } from '../services.ts'

export const overlayViewType = 'foldwise.overlay'

/** Overlays that were open when the window was reloaded come back as they were. */
export function registerOverlayRestoring(services: Services): vscode.Disposable {
  return vscode.window.registerWebviewPanelSerializer(overlayViewType, {
    async deserializeWebviewPanel(panel, state: unknown) {
      const { restoreOverlay } = await import('./overlayPanel.ts')
      restoreOverlay(services, panel, state)
    },
  })
}

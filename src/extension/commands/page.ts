import * as vscode from 'vscode'

/** Shows a page that the program made, without scripts. */
export function showPage(title: string, html: string): void {
  vscode.window.createWebviewPanel('foldwise.page', title, vscode.ViewColumn.Beside).webview.html = html
}

import { randomBytes } from 'node:crypto'
import * as vscode from 'vscode'

/** Scripts that esbuild.mjs builds into dist/webview. */
export type ViewName = 'curves' | 'overlay'

/** Where a panel comes up. */
export type PanelPlace = Parameters<typeof vscode.window.createWebviewPanel>[2]

/** Where a view may load from: its own built files and nothing else. */
export function viewFolder(extension: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extension, 'dist', 'webview')
}

/** The page of a view: one script and one style sheet under a policy that allows nothing else; `<body>` is the script's. */
export function webviewHtml(webview: vscode.Webview, extension: vscode.Uri, view: ViewName, title: string): string {
  const nonce = randomBytes(16).toString('base64')
  const file = (name: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(viewFolder(extension), name)).toString()
  // Lit's components put their styles into the page as adopted sheets, which need no permission; uPlot's comes with the view.
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} blob:`,
  ].join('; ')
  // "<" would end the script element early.
  const texts = JSON.stringify(vscode.l10n.bundle ?? {}).replaceAll('<', '\\u003c')
  return `<!doctype html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" id="vscode-codicon-stylesheet" nonce="${nonce}" href="${file('codicon.css')}">
<link rel="stylesheet" nonce="${nonce}" href="${file(`${view}.css`)}">
<script type="application/json" id="texts">${vscode.l10n.bundle === undefined ? '' : texts}</script>
</head>
<body>
<script type="module" nonce="${nonce}" src="${file(`${view}.js`)}"></script>
</body>
</html>`
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

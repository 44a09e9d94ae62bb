import { escaped } from './svgCurve.ts'

/** A page without scripts in the colours of the editor that shows it. @param parts HTML */
export function page(title: string, parts: readonly string[]): string {
  return [
    '<!DOCTYPE html><html><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${escaped(title)}</title>`,
    '<style>body{color:var(--vscode-foreground);font-family:var(--vscode-font-family);padding:1em}',
    'svg{width:100%;max-width:60em;height:auto}pre{font-family:var(--vscode-editor-font-family)}</style>',
    `</head><body><h1>${escaped(title)}</h1>`,
    ...parts,
    '</body></html>',
  ].join('')
}

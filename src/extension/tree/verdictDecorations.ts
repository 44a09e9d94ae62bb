import * as vscode from 'vscode'
import type { Verdict } from '../../core/noise.ts'

const scheme = 'foldwise-run'

/** What the label of an experiment is coloured by. */
export type Mark = Verdict | 'baseline'

/** The address of an experiment's row: it carries the mark, so another mark is another address and is asked for anew. */
export function markUri(experiment: string, mark: Mark): vscode.Uri {
  return vscode.Uri.from({ scheme, path: `/${experiment}`, query: mark })
}

/** Colours labels of experiments: a tree item has no colour of its own, a decorated address has. */
export function registerVerdictDecorations(): vscode.Disposable {
  return vscode.window.registerFileDecorationProvider({
    provideFileDecoration: (uri) => (uri.scheme === scheme ? decorationOf(uri.query as Mark) : undefined),
  })
}

function decorationOf(mark: Mark): vscode.FileDecoration | undefined {
  const color = (name: string): vscode.ThemeColor => new vscode.ThemeColor(name)
  // Ours: `disabledForeground` cannot be read through the description's transparency, and others are no grey everywhere.
  const grey = color('foldwise.withinNoiseForeground')
  switch (mark) {
    case 'baseline':
      return new vscode.FileDecoration('B', vscode.l10n.t('Baseline'))
    case 'better':
      return new vscode.FileDecoration('▲', vscode.l10n.t('Better than the baseline'), color('charts.green'))
    case 'worse':
      return new vscode.FileDecoration('▼', vscode.l10n.t('Worse than the baseline'), color('charts.red'))
    case 'within-noise':
      return new vscode.FileDecoration('≈', vscode.l10n.t('Within the noise'), grey)
    case 'noise-unknown':
      return new vscode.FileDecoration('?', vscode.l10n.t('Noise unknown'), grey)
    default:
      return mark satisfies never
  }
}

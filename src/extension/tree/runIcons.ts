import * as vscode from 'vscode'
import type { RunFacts } from './runFacts.ts'

const icons: Readonly<Record<RunFacts['phase'], readonly [icon: string, color: string | undefined]>> = {
  running: ['sync~spin', 'charts.blue'],
  finished: ['pass', 'testing.iconPassed'],
  stopped: ['debug-stop', 'testing.iconSkipped'],
  failed: ['error', 'testing.iconFailed'],
  interrupted: ['warning', 'list.warningForeground'],
  elsewhere: ['cloud', undefined],
}

/** The state of a run as a shape; its colour only adds to it. */
export function runIcon({ phase, problem, resultProblem }: RunFacts): vscode.ThemeIcon {
  return (problem ?? resultProblem) === undefined ? icon(...icons[phase]) : icon('question', 'list.warningForeground')
}

export function icon(name: string, color?: string): vscode.ThemeIcon {
  return new vscode.ThemeIcon(name, color === undefined ? undefined : new vscode.ThemeColor(color))
}

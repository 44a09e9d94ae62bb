import { basename } from 'node:path'
import * as vscode from 'vscode'
import type { UserError } from '../../core/errors.ts'
import type { ProjectStore } from '../store/projectStore.ts'

/**
 * What stands above the experiments, if anything: the filter, and in one sentence each what keeps scores from being shown.
 * @param problemOf what keeps a project's scores from being compared
 */
export function viewMessage(
  stores: readonly ProjectStore[],
  problemOf: (store: ProjectStore) => UserError | undefined,
  filter: string,
): string | undefined {
  const loaded = stores.filter(({ isLoaded }) => isLoaded)
  const unreadable = loaded.flatMap(({ unreadableResults }) => [...unreadableResults])
  const isEmpty = loaded.every(
    ({ experimentFiles, runs, results }) => experimentFiles.size + runs.size + results.size === 0,
  )
  // VS Code shows a message instead of the welcome to an empty view.
  if (isEmpty && unreadable.length === 0) return undefined
  const isUntrained = loaded.every(({ runs, results }) => runs.size + results.size === 0)
  const parts = [
    filter === '' ? undefined : vscode.l10n.t('Filter: {0}', filter),
    vscode.workspace.isTrusted
      ? undefined
      : vscode.l10n.t('This workspace is not trusted: nothing is trained or written here'),
    isUntrained && filter === '' && vscode.workspace.isTrusted
      ? vscode.l10n.t('Nothing is trained yet: press ▶ beside an experiment')
      : undefined,
    ...new Set(loaded.flatMap((store) => problemOf(store) ?? []).map(problemText)),
    unreadable.length === 0 ? undefined : unreadableText(unreadable),
  ]
  const said = parts.filter((part) => part !== undefined)
  return said.length === 0 ? undefined : said.join(' · ')
}

function problemText({ message, details: { file, line } }: UserError): string {
  const place = file === undefined ? '' : `${basename(file)}${line === undefined ? '' : `:${line}`}: `
  return `${place}${message}`
}

function unreadableText(results: readonly (readonly [run: string, error: UserError])[]): string {
  const [[run, { message }]] = results
  return results.length === 1
    ? vscode.l10n.t('The result of {0} cannot be read: {1}', run, message)
    : vscode.l10n.t('{0} results cannot be read, the first is of {1}: {2}', results.length, run, message)
}

import * as vscode from 'vscode'
import { sortOrders, type SortOrder } from '../tree/treeOptions.ts'
import { changeViewOptions, viewOptions } from '../tree/viewOptions.ts'
import { choose } from './choose.ts'
import type { Command } from './command.ts'

/** "Sort Runs…": the order of the experiments; the baseline stays first. */
export const sortRuns: Command = async ({ context }) => {
  const { sort: current } = viewOptions(context)
  const items = sortOrders.map((sort) => ({
    label: orderText(sort),
    description: sort === current ? vscode.l10n.t('current') : '',
    sort,
  }))
  const placeHolder = vscode.l10n.t('By what? The baseline stays first.')
  const { sort } = await choose(items, vscode.l10n.t('Sort Experiments'), placeHolder)
  await changeViewOptions(context, { sort })
}

function orderText(order: SortOrder): string {
  switch (order) {
    case 'name':
      return vscode.l10n.t('Name')
    case 'score':
      return vscode.l10n.t('Score, best first')
    case 'difference':
      return vscode.l10n.t('Difference from the baseline, best first')
    case 'activity':
      return vscode.l10n.t('Last activity, latest first')
    default:
      return order satisfies never
  }
}

import * as vscode from 'vscode'
import { foldCount } from '../../core/splits/foldCount.ts'
import { choose, chooseProject, trainingQueue } from './choose.ts'
import type { Command } from './command.ts'
import { experimentFor } from './experimentQuestion.ts'
import { knownOf } from './projectStanding.ts'
import { missingFolds } from './standing.ts'

/** "Train All Folds…": one job per fold, with the experiment's own seed; where some are trained, all or the missing ones. */
export const trainAllFolds: Command = async (services, target) => {
  const queue = trainingQueue(services)
  const store = await chooseProject(services, target)
  const title = vscode.l10n.t('Train All Folds')
  const experiment = await experimentFor(services, store, target?.experiment, title)
  const count = foldCount(store.project().split)
  const missing = missingFolds(await knownOf(services, store), experiment, count)
  const all = Array.from({ length: count }, (_, fold) => fold)
  const folds = missing.length === count ? all : await chooseFolds(experiment, title, all, missing)
  await queue.add(
    store.workspace.root,
    folds.map((fold) => ({ kind: 'train' as const, experiment, fold })),
  )
}

async function chooseFolds(
  experiment: string,
  title: string,
  all: readonly number[],
  missing: readonly number[],
): Promise<readonly number[]> {
  const onlyMissing = {
    label: vscode.l10n.t('Only the Missing Folds'),
    description: missing.join(', '),
    folds: missing,
  }
  const again = { label: vscode.l10n.t('All Folds Again'), description: all.join(', '), folds: all }
  const items = missing.length === 0 ? [again] : [onlyMissing, again]
  const question = vscode.l10n.t('Some folds of {0} are trained or in the queue already.', experiment)
  return (await choose(items, title, question)).folds
}

import * as vscode from 'vscode'
import { foldCount } from '../../core/splits/foldCount.ts'
import { listExperiments } from '../../runs/experiments.ts'
import { choose, chooseProject, trainingQueue } from './choose.ts'
import type { Command } from './commands.ts'
import { lastFirst, remember } from './lastChoice.ts'
import { UserError } from '../../core/errors.ts'
import type { ProjectStore } from '../store/projectStore.ts'
import type { Services, Target } from '../services.ts'

/** "Train Fold…": experiment → fold → seed, what was chosen last first. A target answers what it knows. */
export const trainFold: Command = async (services, target) => {
  const queue = trainingQueue(services)
  const store = await chooseProject(services, target)
  const experiment = await chooseExperiment(services, store, target)
  const fold = target?.fold ?? (await chooseFold(services, store, experiment))
  const seed = await chooseSeed(services)
  await queue.add(store.workspace.root, [{ kind: 'train', experiment, fold, ...(seed === undefined ? {} : { seed }) }])
}

/** @throws UserError where the project has no experiments  @throws Dismissed */
export async function chooseExperiment(
  { context }: Services,
  store: ProjectStore,
  target: Target | undefined,
): Promise<string> {
  if (target?.experiment !== undefined) return target.experiment
  const names = listExperiments(store.workspace)
  if (names.length === 0)
    throw new UserError(vscode.l10n.t('This project has no experiments yet.'), {
      hint: vscode.l10n.t('Make one with "Foldwise: New Experiment From".'),
      code: 'no-experiment',
    })
  const { baseline } = store.project()
  const items = lastFirst(context, 'experiment', names).map((label) => ({
    label,
    description: label === baseline ? vscode.l10n.t('baseline') : '',
  }))
  const { label } = await choose(items, vscode.l10n.t('Train Fold'), vscode.l10n.t('Which experiment?'))
  await remember(context, 'experiment', label)
  return label
}

async function chooseFold({ context }: Services, store: ProjectStore, experiment: string): Promise<number> {
  const count = foldCount(store.project().split)
  if (count === 1) return 0
  await store.loaded
  const trained = new Set(
    [...store.results.values()].filter((each) => each.experiment === experiment).map(({ fold }) => fold),
  )
  const folds = Array.from({ length: count }, (_, fold) => String(fold))
  const items = lastFirst(context, 'fold', folds).map((fold) => ({
    label: vscode.l10n.t('Fold {0}', fold),
    description: trained.has(Number(fold)) ? vscode.l10n.t('trained') : '',
    fold,
  }))
  const { fold } = await choose(items, vscode.l10n.t('Train Fold'), vscode.l10n.t('Which fold of {0}?', experiment))
  await remember(context, 'fold', fold)
  return Number(fold)
}

/** undefined: the experiment's own seed. */
async function chooseSeed({ context }: Services): Promise<number | undefined> {
  const own = 'own'
  const seeds = lastFirst(context, 'seed', [own, '0', '1', '2'])
  const items = seeds.map((seed) => ({
    label: seed === own ? vscode.l10n.t("The experiment's own seed") : vscode.l10n.t('Seed {0}', seed),
    seed,
  }))
  const { seed } = await choose(items, vscode.l10n.t('Train Fold'), vscode.l10n.t('Which seed?'))
  await remember(context, 'seed', seed)
  return seed === own ? undefined : Number(seed)
}

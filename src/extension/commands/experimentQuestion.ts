import * as vscode from 'vscode'
import { UserError } from '../../core/errors.ts'
import type { Services } from '../services.ts'
import type { ProjectStore } from '../store/projectStore.ts'
import { lastFirst, remember } from './lastChoice.ts'
import { knownOf, standingText } from './projectStanding.ts'
import { standingOf } from './standing.ts'
import { pickInStep, type Step } from './steps.ts'

/**
 * Which experiment: the one chosen last comes first, each with how it stands.
 * @throws UserError where the project has none  @throws Dismissed, WentBack
 */
export async function askExperiment(
  services: Services,
  store: ProjectStore,
  step: Step,
  placeholder: string,
  isOffered: (experiment: string) => boolean = () => true,
): Promise<string> {
  const names = store.experiments().filter(isOffered)
  if (names.length === 0)
    throw new UserError(vscode.l10n.t('This project has no such experiment yet.'), {
      hint: vscode.l10n.t('Make one with "Foldwise: New Experiment From".'),
      code: 'no-experiment',
    })
  const { baseline } = store.project()
  const known = await knownOf(services, store)
  const items = lastFirst(services.context, 'experiment', names).map((label) => {
    const standing = standingText(standingOf(known, { experiment: label }), known.metric)
    const role = label === baseline ? vscode.l10n.t('baseline') : ''
    return { label, description: [role, standing].filter((each) => each !== '').join(' · ') }
  })
  const { label } = await pickInStep(step, placeholder, items)
  await remember(services.context, 'experiment', label)
  return label
}

/** The target's experiment, or the one that the person picks in the command's only step. */
export async function experimentFor(
  services: Services,
  store: ProjectStore,
  experiment: string | undefined,
  title: string,
): Promise<string> {
  if (experiment !== undefined) return experiment
  const step = { title, step: 1, totalSteps: 1, canGoBack: false }
  return askExperiment(services, store, step, vscode.l10n.t('Which experiment?'))
}

import * as vscode from 'vscode'
import { foldCount } from '../../core/splits/foldCount.ts'
import { chooseProject, trainingQueue } from './choose.ts'
import type { Command } from './command.ts'
import { askExperiment } from './experimentQuestion.ts'
import { lastChoice, lastFirst, remember } from './lastChoice.ts'
import { knownOf, standingText } from './projectStanding.ts'
import { largestSeed, seedOf } from './seed.ts'
import { standingOf, type Known, type Wanted } from './standing.ts'
import { askInSteps, pickInStep, typeInStep, WentBack, type Step } from './steps.ts'
import type { Services } from '../services.ts'

/** "Train Fold…": experiment → fold → seed, what was chosen last first. A target answers what it knows. */
export const trainFold: Command = async (services, target) => {
  const queue = trainingQueue(services)
  const store = await chooseProject(services, target)
  const folds = foldCount(store.project().split)
  const known = await knownOf(services, store)
  let experiment = target?.experiment
  let fold = target?.fold ?? (folds === 1 ? 0 : undefined)
  let seed: number | undefined
  const questions: ((step: Step) => Promise<void>)[] = []
  if (experiment === undefined)
    questions.push(async (step) => {
      experiment = await askExperiment(services, store, step, vscode.l10n.t('Which experiment?'))
    })
  if (fold === undefined)
    questions.push(async (step) => {
      fold = await askFold(services, known, experiment!, folds, step)
    })
  questions.push(async (step) => {
    seed = await askSeed(services, known, { experiment: experiment!, fold: fold! }, step)
  })
  await askInSteps(vscode.l10n.t('Train Fold'), questions)
  await queue.add(store.workspace.root, [
    { kind: 'train', experiment: experiment!, fold: fold!, ...(seed === undefined ? {} : { seed }) },
  ])
}

async function askFold(
  { context }: Services,
  known: Known,
  experiment: string,
  count: number,
  step: Step,
): Promise<number> {
  const folds = Array.from({ length: count }, (_, fold) => String(fold))
  const items = lastFirst(context, 'fold', folds).map((fold) => ({
    label: vscode.l10n.t('Fold {0}', fold),
    description: standingText(standingOf(known, { experiment, fold: Number(fold) }), known.metric),
    fold,
  }))
  const { fold } = await pickInStep(step, vscode.l10n.t('Which fold of {0}?', experiment), items)
  await remember(context, 'fold', fold)
  return Number(fold)
}

const own = 'own'
const another = 'another'

/** undefined: the experiment's own seed. What was trained already says so, and can be trained again. */
async function askSeed(
  { context }: Services,
  known: Known,
  wanted: Omit<Wanted, 'seed'>,
  step: Step,
): Promise<number | undefined> {
  const ownSeed = known.ownSeed(wanted.experiment)
  const standing = (seed: number | undefined): string =>
    seed === undefined ? '' : standingText(standingOf(known, { ...wanted, seed }), known.metric)
  const ownLabel =
    ownSeed === undefined
      ? vscode.l10n.t("The experiment's own seed")
      : vscode.l10n.t("The experiment's own seed: {0}", ownSeed)
  const typed = lastChoice(context, 'seed') ?? own
  const seeds = new Set([own, '0', '1', '2', typed].filter((seed) => seed === own || Number(seed) !== ownSeed))
  const items = [
    ...lastFirst(context, 'seed', [...seeds]).map((seed) => ({
      label: seed === own ? ownLabel : vscode.l10n.t('Seed {0}', seed),
      description: standing(seed === own ? ownSeed : Number(seed)),
      seed,
    })),
    { label: vscode.l10n.t('Another Seed…'), description: '', seed: another },
  ]
  for (;;) {
    const { seed } = await pickInStep(step, vscode.l10n.t('Which seed?'), items)
    try {
      const answer = seed === another ? await typeSeed(step) : seed
      await remember(context, 'seed', answer)
      return answer === own ? undefined : Number(answer)
    } catch (error) {
      if (!(error instanceof WentBack)) throw error
    }
  }
}

async function typeSeed(step: Step): Promise<string> {
  const problem = vscode.l10n.t('A seed is a whole number from 0 to {0}.', largestSeed)
  const prompt = vscode.l10n.t('Seed of weights, order, augmentation and dropout')
  const text = await typeInStep({ ...step, canGoBack: true }, prompt, {}, (value) =>
    seedOf(value) === undefined ? problem : undefined,
  )
  return String(seedOf(text))
}

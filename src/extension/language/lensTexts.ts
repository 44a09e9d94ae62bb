import * as vscode from 'vscode'
import { runFacts } from '../tree/runFacts.ts'
import { judgedDifferenceText, judgementText, metricText, runStateText, spreadScoreText } from '../tree/treeTexts.ts'
import type { ExperimentLens } from './experimentLens.ts'

/** `mIoU 0.712 ± 0.004 (3 folds), ▲ +0.012`, or why there is no score. */
export function standingText({ facts, metric, hasRuns }: ExperimentLens): string {
  const score = spreadScoreText(facts)
  if (score === undefined) return hasRuns ? vscode.l10n.t('no score yet') : vscode.l10n.t('not trained yet')
  const { difference } = facts
  const scored = `${metricText(metric)} ${score}`
  return difference === undefined ? scored : `${scored}, ${judgedDifferenceText(difference)}`
}

/** What the difference means; undefined where there is none. */
export function standingTooltip({ facts: { difference } }: ExperimentLens): string | undefined {
  return difference && judgementText(difference)
}

/** `training: epoch 3/20`; undefined while nothing is trained. */
export function trainingText({ training, metric }: ExperimentLens): string | undefined {
  if (training === undefined) return undefined
  const state = runStateText(runFacts(training.run, undefined, metric), metric)
  return training.isDebug ? vscode.l10n.t('debug run: {0}', state) : vscode.l10n.t('training: {0}', state)
}

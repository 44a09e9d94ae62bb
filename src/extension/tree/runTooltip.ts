import * as vscode from 'vscode'
import { UserError } from '../../core/errors.ts'
import type { RunRecord, RunResult } from '../../protocol/runFolder.ts'
import { RunFolder } from '../../runs/runFolder.ts'
import type { RunSummary } from '../../runs/runSummary.ts'
import { durationText, scoreText } from '../texts.ts'
import type { ProjectTree } from './projectTree.ts'
import type { RunFacts } from './runFacts.ts'
import { Tooltip } from './tooltip.ts'
import { metricText, phaseText, runStateText } from './treeTexts.ts'
import type { WorstPicture } from './worstPicture.ts'

/** Everything about a run that fits into a tooltip. @param worst its worst prediction, where there is a picture of it */
export function runTooltip(tree: ProjectTree, facts: RunFacts, worst: WorstPicture | undefined): vscode.MarkdownString {
  const { root } = tree
  const summary = tree.summary(facts.run)
  const result = tree.result(facts.run)
  const record = summary === undefined ? undefined : recordOf(root, facts.run)
  // Of a run that did not finish, the line below says how it ended.
  const tooltip = new Tooltip(facts.run, facts.phase === 'finished' ? phaseText('finished') : '')
  tooltip.line(runStateText(facts, tree.metric))
  addScores(tooltip, result, summary)
  addConditions(tooltip, tree, facts.run)
  addMachine(tooltip, facts, record)
  addTrouble(tooltip, facts, summary)
  if (worst !== undefined) {
    tooltip.gap()
    tooltip.field(vscode.l10n.t('Worst prediction'), `${worst.image}, mIoU ${scoreText(worst.mIoU)}`)
    tooltip.picture(worst.source, vscode.l10n.t('Image with the prediction over it'))
  }
  return tooltip.text
}

function addScores(tooltip: Tooltip, result: RunResult | undefined, summary: RunSummary | undefined): void {
  const scores = result?.scores ?? summary?.progress.valid
  if (scores === undefined) return
  const { mIoU, dice, pixelAccuracy, loss, classes, perClassIoU } = scores
  tooltip.gap()
  tooltip.field(
    result === undefined ? vscode.l10n.t('Last validation') : vscode.l10n.t('Best epoch'),
    [
      `${metricText('mIoU')} ${scoreText(mIoU)}`,
      `${metricText('dice')} ${scoreText(dice)}`,
      `${metricText('pixelAccuracy')} ${scoreText(pixelAccuracy)}`,
      `${vscode.l10n.t('loss')} ${scoreText(loss)}`,
    ].join(' · '),
  )
  // More classes than this would push the picture off the screen.
  const shown = classes.slice(0, 12).map((name, index) => `${name} ${scoreText(perClassIoU[index])}`)
  if (classes.length > shown.length) shown.push('…')
  tooltip.field('IoU', shown.join(' · '))
}

function addConditions(tooltip: Tooltip, tree: ProjectTree, run: string): void {
  const experiment = tree.place(run)?.experiment
  if (experiment === undefined) return
  const changes = tree.changesOf(experiment)
  tooltip.gap()
  if (experiment === tree.baseline) tooltip.line(vscode.l10n.t('The conditions of the baseline'))
  else if (changes !== undefined && !(changes instanceof UserError) && changes.length > 0)
    for (const { words } of changes.slice(0, 12)) tooltip.bullet(words)
}

function addMachine(tooltip: Tooltip, facts: RunFacts, record: RunRecord | undefined): void {
  tooltip.gap()
  tooltip.field(vscode.l10n.t('Device'), record?.device ?? facts.device)
  tooltip.field(vscode.l10n.t('Threads'), record === undefined ? undefined : String(record.threads))
  tooltip.field(vscode.l10n.t('Seed'), String(facts.seed))
  tooltip.field(vscode.l10n.t('Duration'), facts.duration === undefined ? undefined : durationText(facts.duration))
  if (facts.created !== '')
    tooltip.field(vscode.l10n.t('Started'), new Date(facts.created).toLocaleString(vscode.env.language))
}

function addTrouble(tooltip: Tooltip, facts: RunFacts, summary: RunSummary | undefined): void {
  const failure = summary?.progress.failure
  if (failure !== undefined) {
    tooltip.warning(failure.message)
    if (failure.hint !== undefined) tooltip.line(failure.hint)
  }
  for (const problem of [facts.problem, facts.resultProblem?.message])
    if (problem !== undefined) tooltip.warning(problem)
}

/** undefined before the trainer wrote it, and where it cannot be read: the row says so already. */
function recordOf(root: string, run: string): RunRecord | undefined {
  try {
    return RunFolder.open({ root }, run).readRecord()
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

import * as vscode from 'vscode'
import type { Spread } from '../../core/spread.ts'
import { differenceText, scoreText } from '../texts.ts'
import type { ComparedRow, ComparisonModel } from './comparisonModel.ts'

/** The comparison as a Markdown document: a table of experiments, what changed, classes, and what not to conclude. */
export function comparisonMarkdown(model: ComparisonModel): string {
  const others = model.rows.filter(({ isBaseline }) => !isBaseline)
  const parts = [
    `# ${vscode.l10n.t('Comparison with the baseline "{0}"', plain(model.baseline))}`,
    notes(model)
      .map((note) => `> ${plain(note)}`)
      .join('\n>\n'),
    model.rows.length === 0 ? '' : experimentTable(model),
    ...others.flatMap((row) => [`## ${plain(row.name)}`, changes(row, model), classTable(row, model)]),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

/** The document where nothing can be compared. @param message why, for the person */
export function refusedMarkdown(message: string): string {
  const title = vscode.l10n.t('These experiments cannot be compared')
  return `# ${title}\n\n${message.split('\n').map((line) => plain(line.trim())).join('  \n')}\n` // prettier-ignore
}

function notes({
  rows,
  hasBaselineResults,
  baseline,
  noise,
  withoutResults,
  warnings,
  metric,
}: ComparisonModel): readonly string[] {
  // prettier-ignore
  const lonely = rows.filter(({ score }) => score.count < 2).map(({ name }) => name)
  const noiseNote =
    noise.deviation === null
      ? vscode.l10n.t('The noise floor is unknown: train the baseline on more folds or seeds.')
      : vscode.l10n.t(
          'The noise floor is {0} {1}: so much do the {2} runs of the baseline differ among themselves.',
          metric,
          scoreText(noise.deviation),
          noise.count,
        )
  return [
    hasBaselineResults
      ? noiseNote
      : vscode.l10n.t('The baseline "{0}" has no results yet: train it to see differences.', baseline),
    ...withoutResults.map((name) => vscode.l10n.t('{0} has no results yet.', name)),
    ...(lonely.length === 0
      ? []
      : [
          vscode.l10n.t(
            'Only one run each: {0}. One run cannot tell a better experiment from a luckier one; train more folds or seeds.',
            lonely.join(', '),
          ),
        ]),
    ...warnings,
  ]
}

function experimentTable({ rows, folds, metric, baseline }: ComparisonModel): string {
  const header = [
    vscode.l10n.t('experiment'),
    metric,
    vscode.l10n.t('runs'),
    vscode.l10n.t('difference from {0}, paired by fold', baseline),
    ...folds.map((fold) => vscode.l10n.t('fold {0}', fold)),
  ]
  const body = rows.map(({ name, isBaseline, score, difference, byFold, judgement }) => [
    name,
    spreadText(score, scoreText),
    String(score.count),
    isBaseline ? vscode.l10n.t('baseline') : differenceCell(difference, judgement, score.count),
    ...folds.map((fold) => (byFold.has(fold) ? differenceText(byFold.get(fold)!) : '')),
  ])
  return table(header, body, 1)
}

function differenceCell(difference: Spread, judgement: ComparedRow['judgement'], runs: number): string {
  if (judgement === undefined) return vscode.l10n.t('no fold in common')
  const words = `${spreadText(difference, differenceText)} ${verdictText(judgement.verdict)}`
  return runs < 2 ? vscode.l10n.t('{0}, by one run only', words) : words
}

function verdictText(verdict: NonNullable<ComparedRow['judgement']>['verdict']): string {
  switch (verdict) {
    case 'better':
      return vscode.l10n.t('better')
    case 'worse':
      return vscode.l10n.t('worse')
    case 'within-noise':
      return vscode.l10n.t('inside the noise floor')
    case 'noise-unknown':
      return vscode.l10n.t('noise floor unknown')
    default:
      return verdict satisfies never
  }
}

function changes({ changes: own }: ComparedRow, { hasBaselineResults }: ComparisonModel): string {
  if (!hasBaselineResults) return ''
  if (own === undefined) return vscode.l10n.t('Its conditions were recorded by another version of Foldwise.')
  if (own.length === 0) return vscode.l10n.t('No condition differs from the baseline.')
  const title = own.length === 1 ? vscode.l10n.t('What changed:') : vscode.l10n.t('What changed, {0} conditions:', own.length) // prettier-ignore
  return [title, '', ...own.map(({ words }) => `- ${plain(words)}`)].join('\n')
}

function classTable({ name, classes }: ComparedRow, { baseline }: ComparisonModel): string {
  if (classes.length === 0) return ''
  const header = [vscode.l10n.t('class'), `${baseline} IoU`, `${name} IoU`, vscode.l10n.t('difference')]
  const body = classes.map((each) => [
    each.name,
    scoreText(each.baseline),
    scoreText(each.value),
    differenceText(each.difference),
  ])
  return table(header, body, 1)
}

/** `0.714 ± 0.012`; without a spread where there is one value only. */
function spreadText({ mean, deviation }: Spread, format: (value: number) => string): string {
  if (mean === null) return scoreText(null)
  return deviation === null ? format(mean) : `${format(mean)} ± ${scoreText(deviation)}`
}

/** @param textColumns so many columns are words, the others numbers that stand right */
function table(header: readonly string[], body: readonly (readonly string[])[], textColumns: number): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(plain).join(' | ')} |`
  const rule = `| ${header.map((_, column) => (column < textColumns ? '---' : '---:')).join(' | ')} |`
  return [line(header), rule, ...body.map(line)].join('\n')
}

/** Text that Markdown shows as it is, on one line: names of classes are a person's, and may hold anything. */
function plain(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ').replaceAll(/[\\`*_{}[\]<>|#&]/g, String.raw`\$&`)
}

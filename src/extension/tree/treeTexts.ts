import * as vscode from 'vscode'
import type { Verdict } from '../../core/noise.ts'
import { differenceText, scoreText } from '../texts.ts'
import type { ExperimentFacts, Metric } from './experimentFacts.ts'
import { deviceName, type RunFacts } from './runFacts.ts'

/** Parts of a description, those that say something. */
export function joined(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(' · ')
}

export function metricText(metric: Metric): string {
  switch (metric) {
    case 'mIoU':
      return 'mIoU'
    case 'dice':
      return 'Dice'
    case 'pixelAccuracy':
      return vscode.l10n.t('pixel accuracy')
    default:
      return metric satisfies never
  }
}

export function foldCountText(count: number): string {
  return count === 1 ? vscode.l10n.t('1 fold') : vscode.l10n.t('{0} folds', count)
}

/** `0.757 ± 0.016 (2 folds)`, always with how many it is over; undefined without a score. */
export function spreadScoreText({ score, scored }: ExperimentFacts): string | undefined {
  if (score.mean === null) return undefined
  const folds = new Set(scored.map(({ fold }) => fold)).size
  const deviation = score.deviation === null ? '' : ` ± ${scoreText(score.deviation)}`
  const over =
    folds === score.count ? foldCountText(folds) : `${foldCountText(folds)}, ${vscode.l10n.t('{0} runs', score.count)}`
  return `${scoreText(score.mean)}${deviation} (${over})`
}

const arrows: Readonly<Record<Verdict, string>> = { better: '▲', worse: '▼', 'within-noise': '≈', 'noise-unknown': '' }

/** `▲ +0.012`; inside the noise `≈ +0.003`. */
export function judgedDifferenceText({ value, verdict }: NonNullable<ExperimentFacts['difference']>): string {
  return `${arrows[verdict]} ${differenceText(value)}`.trim()
}

/** The judgement as a sentence. */
export function judgementText({ value, verdict, noise }: NonNullable<ExperimentFacts['difference']>): string {
  const difference = differenceText(value)
  switch (verdict) {
    case 'better':
      return vscode.l10n.t(
        '{0} from the baseline: better by more than its folds and seeds scatter ({1})',
        difference,
        scoreText(noise),
      )
    case 'worse':
      return vscode.l10n.t(
        '{0} from the baseline: worse by more than its folds and seeds scatter ({1})',
        difference,
        scoreText(noise),
      )
    case 'within-noise':
      return vscode.l10n.t(
        '{0} from the baseline: within the noise, its folds and seeds scatter by {1}',
        difference,
        scoreText(noise),
      )
    case 'noise-unknown':
      return vscode.l10n.t(
        '{0} from the baseline, noise unknown: train the baseline on another fold or seed',
        difference,
      )
    default:
      return verdict satisfies never
  }
}

export function phaseText(phase: RunFacts['phase']): string {
  switch (phase) {
    case 'running':
      return vscode.l10n.t('training')
    case 'finished':
      return vscode.l10n.t('finished')
    case 'stopped':
      return vscode.l10n.t('stopped')
    case 'failed':
      return vscode.l10n.t('failed')
    case 'interrupted':
      return vscode.l10n.t('interrupted')
    case 'elsewhere':
      return vscode.l10n.t('result only')
    default:
      return phase satisfies never
  }
}

/** How far a run is and how it scores: `epoch 3/20, mIoU 0.712`. */
export function runStateText(facts: RunFacts, metric: Metric): string {
  const { problem, resultProblem, phase } = facts
  if (problem !== undefined) return vscode.l10n.t('cannot be read')
  if (resultProblem === undefined) return readableStateText(facts, metric)
  const state = phase === 'elsewhere' ? undefined : readableStateText(facts, metric)
  return joined(state, vscode.l10n.t('result cannot be read'))
}

function readableStateText(facts: RunFacts, metric: Metric): string {
  const { phase, score, bestEpoch, epoch, epochs } = facts
  const scored = score === null ? undefined : `${metricText(metric)} ${scoreText(score)}`
  if (phase === 'finished' || phase === 'elsewhere') {
    const best =
      scored === undefined || bestEpoch === undefined ? scored : vscode.l10n.t('{0} at epoch {1}', scored, bestEpoch)
    return joined(best ?? phaseText('finished'), phase === 'elsewhere' ? phaseText(phase) : undefined)
  }
  const preparing = phase === 'running' ? activityText(facts) : undefined
  const count = epochs === 0 ? undefined : vscode.l10n.t('epoch {0}', `${epoch}/${epochs}`)
  const progress = [preparing ?? count, scored].filter((part) => part !== undefined).join(', ')
  return phase === 'running' ? progress : joined(phaseText(phase), progress)
}

/** What a trainer does before and after its epochs; undefined while it trains. */
function activityText({ activity }: RunFacts): string | undefined {
  switch (activity) {
    case 'train':
    case 'validate':
      return undefined
    case undefined:
      return vscode.l10n.t('starting')
    case 'data':
      return vscode.l10n.t('reading the data')
    case 'weights':
      return vscode.l10n.t('loading weights')
    case 'compile':
      return vscode.l10n.t('compiling')
    case 'self-test':
      return vscode.l10n.t('self-test')
    case 'predict':
      return vscode.l10n.t('predicting')
    case 'export':
      return vscode.l10n.t('exporting')
    default:
      return activity satisfies never
  }
}

/** Device without its model; nothing where it is not known. */
export function shortDevice({ device }: RunFacts): string | undefined {
  return device === undefined ? undefined : deviceName(device)
}

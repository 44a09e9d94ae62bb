import * as vscode from 'vscode'
import type { EndedJob } from '../supervisor/jobQueue.ts'
import { differenceText, scoreText } from '../texts.ts'
import { jobText } from './statusTexts.ts'

export type EndAction =
  'openOverlay' | 'openCurves' | 'trainFold' | 'resume' | 'openFile' | 'queueAgain' | 'showLog' | 'encoderWeights'

export interface EndMessage {
  readonly severity: 'information' | 'warning' | 'error'
  readonly text: string
  readonly actions: readonly EndAction[]
}

/** What is known beside the outcome itself. */
export interface EndFacts {
  readonly score: { readonly metric: string; readonly value: number | null } | undefined
  /** From the baseline's mean on the same fold; undefined where it is not known. */
  readonly difference: number | undefined
  readonly isResumable: boolean
  readonly namesFile: boolean
}

/** What is said when a trainer has ended. */
export function endMessage(ended: EndedJob, facts: EndFacts): EndMessage {
  const { job, outcome } = ended
  const isDebug = job.work.kind === 'debug'
  const name = isDebug ? jobText(job) : (outcome.run ?? jobText(job))
  switch (outcome.state) {
    case 'finished':
      return isDebug ? debugMessage(name, outcome.checks) : trainedMessage(name, facts)
    case 'stopped':
      return {
        severity: 'information',
        text: facts.isResumable
          ? vscode.l10n.t('{0} has stopped, with a checkpoint.', name)
          : vscode.l10n.t('{0} has stopped.', name),
        actions: facts.isResumable ? ['resume'] : [],
      }
    case 'failed':
      return failedMessage(name, ended, facts)
    default:
      return outcome.state satisfies never
  }
}

function trainedMessage(name: string, { score, difference }: EndFacts): EndMessage {
  const actions = ['openOverlay', 'openCurves'] as const
  if (score === undefined) return { severity: 'information', text: vscode.l10n.t('{0} is trained.', name), actions }
  const value = `${score.metric} ${scoreText(score.value)}`
  const text =
    difference === undefined
      ? vscode.l10n.t('{0} is trained: {1}.', name, value)
      : vscode.l10n.t('{0} is trained: {1}, {2} against the baseline on this fold.', name, value, differenceText(difference)) // prettier-ignore
  return { severity: 'information', text, actions }
}

function debugMessage(name: string, checks: EndedJob['outcome']['checks']): EndMessage {
  const failedChecks = checks.filter(({ verdict }) => verdict === 'fail').map(({ message }) => message)
  if (failedChecks.length === 0)
    return { severity: 'information', text: vscode.l10n.t('{0}: no check fails.', name), actions: ['trainFold'] }
  const text = vscode.l10n.t('{0}: {1}', name, failedChecks.join(' '))
  return { severity: 'warning', text, actions: ['openCurves', 'showLog'] }
}

function failedMessage(name: string, ended: EndedJob, { isResumable, namesFile }: EndFacts): EndMessage {
  const { job, outcome, dropped } = ended
  // Files of the project by their short names: a message has little room.
  const message = outcome.message?.replaceAll(`${job.root}/`, '').replaceAll(`${job.root}\\`, '')
  const words = [message, outcome.hint].filter((each) => each !== undefined).join(' ')
  const queue =
    dropped.length === 0
      ? ''
      : ` ${vscode.l10n.t('Taken out of the queue, as they would fail alike: {0}.', dropped.map(jobText).join('; '))}`
  return {
    severity: 'error',
    text: vscode.l10n.t('{0} failed: {1}', name, words) + queue,
    actions: [
      ...(outcome.download ? (['encoderWeights'] as const) : []),
      ...(isResumable ? (['resume'] as const) : []),
      ...(namesFile ? (['openFile'] as const) : []),
      ...(dropped.length > 0 ? (['queueAgain'] as const) : []),
      'showLog',
    ],
  }
}

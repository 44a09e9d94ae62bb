import * as vscode from 'vscode'
import type { RunProgress } from '../../protocol/runState.ts'
import type { RunSummary } from '../../runs/runSummary.ts'
import type { Job } from '../supervisor/job.ts'
import { durationText, scoreText } from '../texts.ts'
import type { RunFacts } from './runFacts.ts'

/** What the status bar tells of: the run in training, or the job whose trainer starts. */
export interface StatusSubject {
  /** undefined before there is a run. */
  readonly facts: RunFacts | undefined
  readonly job: Job | undefined
  /** Other runs in training, by name. */
  readonly others: readonly string[]
  readonly waiting: readonly Job[]
}

/** `$(sync~spin) baseline.f0.s0 · epoch 3/20 · 12 % · 4 min left +2`. */
export function statusText(subject: StatusSubject): string {
  const { waiting } = subject
  const parts = partsOf(subject)
  // Jobs that wait while nothing trains wait for trust.
  const icon = subject.facts === undefined && subject.job === undefined ? '$(clock)' : '$(sync~spin)'
  const more = waiting.length === 0 || icon === '$(clock)' ? '' : ` +${waiting.length}`
  return `${icon} ${parts.join(' · ')}${more}`
}

/** The same for a screen reader: no icons, no bare numbers. */
export function spokenStatus(subject: StatusSubject): string {
  const waiting = subject.waiting.length
  const parts = partsOf(subject)
  const isWaitingOnly = subject.facts === undefined && subject.job === undefined
  const queue = waiting === 0 || isWaitingOnly ? [] : [vscode.l10n.t('{0} more in the queue', waiting)]
  return ['Foldwise', ...parts, ...queue].join(', ')
}

/** Markdown of the tooltip. @param setting value of `foldwise.device` */
export function statusTooltip(subject: StatusSubject, run: RunSummary | undefined, setting: string): string {
  const { others, waiting } = subject
  const lines = [...(run === undefined ? [] : runLines(run)), vscode.l10n.t('Device setting: {0}', setting)]
  if (others.length > 0) lines.push(vscode.l10n.t('Also in training: {0}', others.slice(0, 5).join(', ')))
  if (waiting.length > 0) {
    const names = waiting.slice(0, 5).map(jobText).join('; ')
    lines.push(vscode.l10n.t('In the queue: {0}', waiting.length > 5 ? `${names}; …` : names))
  }
  const head = `**${escaped(partsOf(subject).join(' · '))}**`
  return [head, lines.map((line) => `- ${escaped(line)}`).join('\n'), vscode.l10n.t('Select for stop, curves and queue.')].join('\n\n') // prettier-ignore
}

/** A job in words: `baseline, fold 2`. */
export function jobText({ work }: Job): string {
  switch (work.kind) {
    case 'train':
      return work.seed === undefined
        ? vscode.l10n.t('{0}, fold {1}', work.experiment, work.fold)
        : vscode.l10n.t('{0}, fold {1}, seed {2}', work.experiment, work.fold, work.seed)
    case 'debug':
      return vscode.l10n.t('debug run of {0}', work.experiment)
    case 'resume':
      return work.run
    default:
      return work satisfies never
  }
}

function partsOf({ facts, job, waiting }: StatusSubject): readonly string[] {
  const stopping = job?.isToStop === true ? [vscode.l10n.t('stopping')] : []
  if (facts === undefined)
    return job === undefined
      ? [vscode.l10n.t('{0} in the queue wait for trust in this workspace', waiting.length)]
      : [jobText(job), ...(stopping.length > 0 ? stopping : [vscode.l10n.t('starting')])]
  const { name, preparation, epoch, percent, millisecondsLeft, checks } = facts
  return [
    name,
    ...(checks === undefined ? [] : [vscode.l10n.t('checks done: {0}', checks)]),
    ...(preparation === undefined ? [] : [preparationText(preparation)]),
    ...(epoch === undefined ? [] : [vscode.l10n.t('epoch {0}/{1}', epoch.number, epoch.count)]),
    ...(percent === undefined ? [] : [`${percent} %`]),
    ...(millisecondsLeft === undefined || stopping.length > 0
      ? []
      : [vscode.l10n.t('{0} left', durationText(millisecondsLeft))]),
    ...stopping,
  ]
}

function preparationText(phase: NonNullable<RunProgress['phase']>): string {
  switch (phase) {
    case 'data':
      return vscode.l10n.t('reading the data set')
    case 'weights':
      return vscode.l10n.t('loading weights')
    case 'compile':
      return vscode.l10n.t('compiling')
    case 'self-test':
      return vscode.l10n.t('self-test')
    case 'train':
      return vscode.l10n.t('first step')
    case 'validate':
      return vscode.l10n.t('validating')
    case 'predict':
      return vscode.l10n.t('predicting')
    case 'export':
      return vscode.l10n.t('exporting')
    default:
      return phase satisfies never
  }
}

function runLines({ progress }: RunSummary): readonly string[] {
  const { loss, valid, epoch, started, best } = progress
  const lines: string[] = []
  if (started !== undefined) lines.push(vscode.l10n.t('Device: {0}', started.device))
  if (loss !== undefined) lines.push(vscode.l10n.t('Loss: {0}', scoreText(loss)))
  if (valid !== undefined)
    lines.push(vscode.l10n.t('Validation after epoch {0}: mIoU {1}', epoch, scoreText(valid.mIoU)))
  if (best !== undefined && best !== null)
    lines.push(vscode.l10n.t('Best: {0} {1} in epoch {2}', best.metric, scoreText(best.value), best.epoch))
  return lines
}

function escaped(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>|#]/g, String.raw`\$&`)
}

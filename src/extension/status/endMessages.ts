import * as vscode from 'vscode'
import { byteText } from '../../core/byteText.ts'
import { UserError, type WeightsOffer } from '../../core/errors.ts'
import type { RunResult } from '../../protocol/runFolder.ts'
import { readResult } from '../../runs/results.ts'
import { resumabilityOf } from '../commands/resumability.ts'
import type { Services, Target } from '../services.ts'
import type { ProjectStore } from '../store/projectStore.ts'
import type { EndedJob } from '../supervisor/jobQueue.ts'
import { endMessage, type EndAction, type EndFacts, type EndMessage } from './endTexts.ts'
import { differenceOnFold } from './foldDifference.ts'
import { placeIn, type MessagePlace } from './messagePlace.ts'

/** Tells once how a trainer ended, and does what the person then chooses. The log has every word of it. */
export async function showEnd(services: Services, ended: EndedJob): Promise<void> {
  const { job, outcome } = ended
  const store = services.projects.at(job.root)
  if (outcome.run !== undefined) store?.refreshRun(outcome.run)
  const place = outcome.message === undefined ? undefined : placeIn(outcome.message, job.root)
  const message = endMessage(ended, factsOf(store, ended, place))
  writeLog(services, message, outcome.words)
  const chosen = await show(message, outcome.download)
  if (chosen !== undefined) await act(services, chosen, ended, place)
}

function factsOf(
  store: ProjectStore | undefined,
  { outcome: { run, state } }: EndedJob,
  place: MessagePlace | undefined,
): EndFacts {
  // prettier-ignore
  const summary = run === undefined ? undefined : store?.runs.get(run)
  const result = store === undefined || run === undefined || state !== 'finished' ? undefined : resultOf(store, run)
  return {
    score: result && { metric: result.best.metric, value: result.best.value },
    difference: store && result && differenceFromBaseline(store, result),
    isResumable: summary !== undefined && resumabilityOf(summary) === 'resumable',
    namesFile: place !== undefined,
  }
}

/** From its file: the store reads it a moment later. Debug runs have none. */
function resultOf({ workspace }: ProjectStore, run: string): RunResult | undefined {
  try {
    return readResult(workspace, run)
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

function differenceFromBaseline(store: ProjectStore, result: RunResult): number | undefined {
  try {
    return differenceOnFold([...store.results.values()], result, store.project())
  } catch (error) {
    // A broken project file is told where the person works on it.
    if (error instanceof UserError) return undefined
    throw error
  }
}

function writeLog({ log }: Services, { severity, text }: EndMessage, words: string): void {
  const full = words === '' ? text : `${text}\n${words}`
  if (severity === 'error') log.error(full)
  else if (severity === 'warning') log.warn(full)
  else log.info(text)
}

async function show(
  { severity, text, actions }: EndMessage,
  download: WeightsOffer | undefined,
): Promise<EndAction | undefined> {
  const size = byteText(download?.bytes ?? 0)
  const licence = download?.licence ?? vscode.l10n.t('licence not stated')
  const titles: Readonly<Record<EndAction, string>> = {
    openOverlay: vscode.l10n.t('Open Overlay'),
    openCurves: vscode.l10n.t('Open Curves'),
    trainFold: vscode.l10n.t('Train Fold'),
    resume: vscode.l10n.t('Resume'),
    openFile: vscode.l10n.t('Open File'),
    queueAgain: vscode.l10n.t('Queue Them Again'),
    showLog: vscode.l10n.t('Show Log'),
    encoderWeights: vscode.l10n.t('Download (~{0}, {1})', size, licence),
  }
  const items = actions.map((action) => titles[action])
  const chosen = await showAs(severity, text, items)
  return actions.find((action) => titles[action] === chosen)
}

function showAs(
  severity: EndMessage['severity'],
  text: string,
  items: readonly string[],
): Thenable<string | undefined> {
  switch (severity) {
    case 'information':
      return vscode.window.showInformationMessage(text, ...items)
    case 'warning':
      return vscode.window.showWarningMessage(text, ...items)
    case 'error':
      return vscode.window.showErrorMessage(text, ...items)
    default:
      return severity satisfies never
  }
}

async function act(
  { queue }: Services,
  action: EndAction,
  { job, outcome, dropped }: EndedJob,
  place: MessagePlace | undefined,
): Promise<void> {
  // prettier-ignore
  const { root, work } = job
  const { run, download } = outcome
  const target: Target = { root, experiment: work.experiment, ...(run && { run }), ...(download && { download }) } // prettier-ignore
  if (action === 'openFile') {
    if (place === undefined) return
    const start = new vscode.Position((place.line ?? 1) - 1, 0)
    // An image or a mask has an editor of its own, and no lines.
    if (place.line === undefined) await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(place.file))
    else
      await vscode.window.showTextDocument(vscode.Uri.file(place.file), { selection: new vscode.Range(start, start) })
  } else if (action === 'queueAgain')
    await queue?.add(
      root,
      dropped.map((each) => each.work),
    )
  else await vscode.commands.executeCommand(`foldwise.${action}`, target)
}

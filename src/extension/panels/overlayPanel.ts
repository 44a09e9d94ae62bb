import { existsSync, statSync } from 'node:fs'
import * as vscode from 'vscode'
import { UserError, describeUserError } from '../../core/errors.ts'
import {
  rememberedSubject,
  type EmptyOverlay,
  type FromOverlay,
  type OverlaySubject,
  type ToOverlay,
} from '../../protocol/overlayMessages.ts'
import { runFiles } from '../../protocol/runFolder.ts'
import { RunFolder } from '../../runs/runFolder.ts'
import type { RunSummary } from '../../runs/runSummary.ts'
import { showFailure } from '../failure.ts'
import type { Services, Target } from '../services.ts'
import { Disposables } from '../store/disposables.ts'
import type { ProjectStore } from '../store/projectStore.ts'
import { baselineRuns } from './overlayBaseline.ts'
import { OverlayPictures } from './overlayPictures.ts'
import { overlayRun } from './overlayRun.ts'
import { viewTypes } from './viewTypes.ts'
import { viewFolder, webviewHtml, type PanelPlace } from './webviewHtml.ts'

const openPanels = new Map<string, OverlayPanel>()

/** Shows a run in a panel of its own; a panel that shows it already comes to the front. @param place of a new panel */
export function showOverlay(
  services: Services,
  subject: OverlaySubject,
  place: PanelPlace = vscode.ViewColumn.Active,
): void {
  const known = openPanels.get(keyOf(subject))
  if (known !== undefined) {
    known.reveal()
    return
  }
  const panel = vscode.window.createWebviewPanel(viewTypes.overlay, overlayTitle(subject.run), place)
  new OverlayPanel(services, panel, subject)
}

/** Takes over a panel that VS Code kept over a reload. @param state what the view remembered */
export function restoreOverlay(services: Services, panel: vscode.WebviewPanel, state: unknown): void {
  const subject = rememberedSubject(state)
  // A panel that was closed down before its view could remember anything, or another panel of the same run.
  if (subject === undefined || openPanels.has(keyOf(subject))) panel.dispose()
  else new OverlayPanel(services, panel, subject)
}

/** The overlay of one run. */
class OverlayPanel {
  private readonly services: Services
  private readonly subject: OverlaySubject
  private readonly panel: vscode.WebviewPanel
  private readonly own = new Disposables()
  private readonly pictures: OverlayPictures
  /** What there was when the view was told last: without a change nothing is read again. */
  private stamp: string | undefined
  /** Whether the view is there and knows of it; a view that was hidden has forgotten everything. */
  private isReady = false
  private isTold = false
  private isDisposed = false

  constructor(services: Services, panel: vscode.WebviewPanel, subject: OverlaySubject) {
    this.services = services
    this.panel = panel
    this.subject = subject
    this.pictures = new OverlayPictures({
      run: subject.run,
      ask: (run, image) => services.assistant.ask<'layers'>({ type: 'layers', root: subject.root, run, image }),
      baselineOf: (image) => this.baselineOf(image),
      send: (message) => {
        this.send(message)
      },
    })
    openPanels.set(keyOf(subject), this)
    panel.onDidDispose(() => {
      this.dispose()
    })
    this.listen()
    const { extensionUri } = services.context
    panel.webview.options = { enableScripts: true, localResourceRoots: [viewFolder(extensionUri)] }
    panel.webview.html = webviewHtml(panel.webview, extensionUri, 'overlay', overlayTitle(subject.run))
  }

  get title(): string {
    return this.panel.title
  }

  reveal(): void {
    this.panel.reveal()
  }

  private dispose(): void {
    this.isDisposed = true
    openPanels.delete(keyOf(this.subject))
    this.own.dispose()
  }

  private listen(): void {
    const { projects, log } = this.services
    const { root, run } = this.subject
    const guarded = async (action: () => Promise<void> | void): Promise<void> => {
      try {
        await action()
      } catch (error) {
        void showFailure(error, log)
      }
    }
    this.own.add(this.panel.webview.onDidReceiveMessage((message: FromOverlay) => guarded(() => this.receive(message))))
    this.own.add(projects.onDidChange(() => guarded(() => this.refresh())))
    this.own.add(
      projects.onDidChangeWithin(({ store, change }) => {
        const isOurs = store.workspace.root === root && (change.type === 'everything' || change.names.has(run))
        if (isOurs) void guarded(() => this.refresh())
      }),
    )
  }

  private async receive(message: FromOverlay): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.isReady = true
        this.isTold = false
        await this.refresh()
        return
      case 'show':
        await this.pictures.show(message.image, message.next)
        return
      case 'choose-run': {
        const target: Target = { root: this.subject.root }
        await vscode.commands.executeCommand('foldwise.openOverlay', target)
        return
      }
      default:
        message satisfies never
    }
  }

  /** Tells the view what there is, if anything of it has changed. */
  private async refresh(): Promise<void> {
    if (!this.isReady) return
    const store = this.services.projects.at(this.subject.root)
    if (store?.isLoaded === false) this.tellEmpty({ reason: 'loading' })
    await store?.loaded
    const summary = store?.runs.get(this.subject.run)
    if (store === undefined) this.tellEmpty({ reason: 'no-project' })
    else if (summary === undefined) this.tellEmpty({ reason: 'gone' })
    else this.tellRun(store, summary)
  }

  private tellEmpty(empty: EmptyOverlay): void {
    const stamp = JSON.stringify(empty)
    if (this.isTold && stamp === this.stamp) return
    this.stamp = stamp
    this.isTold = true
    this.send({ type: 'empty', subject: this.subject, empty })
  }

  private tellRun(store: ProjectStore, summary: RunSummary): void {
    const { phase, progress, problem } = summary
    const isTraining = phase === 'running'
    try {
      const run = RunFolder.open(store.workspace, summary.name)
      const scoresTime = timeOf(run.file(runFiles.scores))
      if (scoresTime === undefined) {
        this.tellEmpty(emptyOf(summary))
        return
      }
      const stamp = [phase, problem, scoresTime, timeOf(run.file(runFiles.predictions)), dataSetOf(store)].join('\n')
      if (this.isTold && stamp === this.stamp) return
      const epoch = progress.best?.epoch ?? progress.checkpoints.best?.epoch
      const { classes } = run.readRecord()
      const message = overlayRun({ classes, scores: run.readScores(), epoch, isTraining })
      if (stamp !== this.stamp) this.pictures.forget()
      this.stamp = stamp
      this.isTold = true
      this.send({ type: 'run', subject: this.subject, run: message })
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      this.tellEmpty({ reason: 'unreadable', message: describeUserError(error) })
    }
  }

  private baselineOf(image: string): { readonly run: string } | 'is-baseline' | undefined {
    const { root, run } = this.subject
    const store = this.services.projects.at(root)
    const shown = store?.runs.get(run)
    if (store === undefined || shown === undefined) return undefined
    try {
      const { baseline } = store.project()
      if (shown.identity.experiment === baseline) return 'is-baseline'
      const candidates = baselineRuns(store.runs.values(), shown.identity, baseline)
      const hasPredicted = (name: string): boolean =>
        existsSync(RunFolder.open(store.workspace, name).predictionFile(image))
      const found = candidates.find(hasPredicted)
      return found === undefined ? undefined : { run: found }
    } catch (error) {
      // A broken project file, or a run that was deleted this moment: the list of problems tells of it.
      if (error instanceof UserError) return undefined
      throw error
    }
  }

  /** A picture may arrive after the panel was closed. */
  private send(message: ToOverlay): void {
    if (this.isDisposed) return
    void this.panel.webview.postMessage(message)
  }
}

/** Why a run has no scores. */
function emptyOf({ phase, progress, problem }: RunSummary): EmptyOverlay {
  if (problem !== undefined) return { reason: 'unreadable', message: problem }
  if (phase !== 'running') return { reason: 'no-scores' }
  return { reason: 'training', epoch: progress.epoch, epochs: progress.started?.epochs }
}

/** What the pictures depend on beside the run; a broken file is told of when a picture is made. */
function dataSetOf(store: ProjectStore): string {
  try {
    const { dataset, baseline } = store.project()
    return JSON.stringify({ dataset, baseline })
  } catch (error) {
    if (error instanceof UserError) return describeUserError(error)
    throw error
  }
}

function timeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs
}

function keyOf({ root, run }: OverlaySubject): string {
  return `${root}\n${run}`
}

export function overlayTitle(run: string): string {
  return vscode.l10n.t('Overlay: {0}', run)
}

/** @param title of its panel */
export function isOverlayOpen(title: string): boolean {
  return [...openPanels.values()].some((panel) => panel.title === title)
}

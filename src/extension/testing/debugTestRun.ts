import * as vscode from 'vscode'
import { debugChecks } from '../../protocol/debugChecks.ts'
import type { EventOf } from '../../protocol/events.ts'
import type { Outcome } from '../supervisor/job.ts'
import { curveOf, lossCurveSvg } from './lossCurve.ts'

interface ShownChecks {
  /** Of the run, whose pictures lie in it. */
  readonly folder: vscode.Uri | undefined
  readonly checks: readonly EventOf<'check'>[]
}

/** One debug run as the Testing view shows it. */
export class DebugTestRun {
  private readonly run: vscode.TestRun
  private readonly waiting: Map<string, vscode.TestItem>
  private began = Date.now()

  constructor(run: vscode.TestRun, items: readonly vscode.TestItem[]) {
    this.run = run
    this.waiting = new Map(items.map((item) => [item.id, item]))
    for (const item of items) run.enqueued(item)
  }

  /** Its trainer is there; until then it waits behind others. */
  begin(): void {
    this.startNext()
  }

  /** Tells the verdicts that are new. */
  show({ folder, checks }: ShownChecks): void {
    for (const check of checks) {
      const id = debugChecks.find(({ title }) => title === check.name)?.id
      const item = id === undefined ? undefined : this.waiting.get(id)
      if (item === undefined) continue
      this.waiting.delete(item.id)
      this.conclude(item, check, folder)
      this.startNext()
    }
  }

  /** The trainer is gone: what has no verdict yet gets none. */
  end({ state, message, hint }: Outcome, shown: ShownChecks): void {
    this.show(shown)
    const reason = [message, hint].filter((each) => each !== undefined).join(' ')
    for (const item of this.waiting.values()) {
      if (state !== 'failed') this.run.skipped(item)
      else {
        this.run.appendOutput(`${reason}\r\n`, undefined, item)
        this.run.errored(item, messageAt(item, reason))
      }
    }
    this.run.end()
  }

  cancel(): void {
    for (const item of this.waiting.values()) this.run.skipped(item)
    this.run.end()
  }

  private startNext(): void {
    const next = this.waiting.values().next().value
    if (next !== undefined) this.run.started(next)
    this.began = Date.now()
  }

  private conclude(item: vscode.TestItem, check: EventOf<'check'>, folder: vscode.Uri | undefined): void {
    const milliseconds = Date.now() - this.began
    this.run.appendOutput(`${check.verdict.padEnd(7)} ${check.name}: ${check.message}\r\n`, undefined, item)
    switch (check.verdict) {
      case 'pass':
        this.run.passed(item, milliseconds)
        return
      case 'fail':
        this.run.failed(item, messageAt(item, failureText(check, folder)), milliseconds)
        return
      case 'unclear':
        // Neither holds nor fails: the reason stands in the output.
        this.run.skipped(item)
        return
      default:
        return check.verdict satisfies never
    }
  }
}

/** At the top of the experiment: an editor that shows it opens the message there. */
function messageAt({ uri }: vscode.TestItem, text: string | vscode.MarkdownString): vscode.TestMessage {
  const message = new vscode.TestMessage(text)
  if (uri !== undefined) message.location = new vscode.Location(uri, new vscode.Position(0, 0))
  return message
}

/** Pixels: the picture of a batch may be thousands wide, and neither an editor nor the panel makes it narrower. */
const pictureWidth = 480

/** The reason with the picture or the curve that shows it. */
function failureText(check: EventOf<'check'>, folder: vscode.Uri | undefined): vscode.MarkdownString {
  // Taken literally; `appendText` would forbid every line break.
  const text = new vscode.MarkdownString(check.message.replace(/[!-/:-@[-`{-~]/g, '\\$&'))
  if (check.picture !== undefined && folder !== undefined) {
    const picture = vscode.Uri.joinPath(folder, ...check.picture.split('/'))
    text.appendMarkdown(`\n\n![](${picture.toString()}|width=${pictureWidth})`)
  }
  const curve = curveOf(check.values)
  if (curve !== undefined) {
    const svg = Buffer.from(lossCurveSvg(curve.numbers)).toString('base64')
    text.appendMarkdown(`\n\n![${curve.key}](data:image/svg+xml;base64,${svg})`)
  }
  return text
}

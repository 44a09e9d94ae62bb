import * as vscode from 'vscode'
import { UserError } from '../../core/errors.ts'
import type { Problem } from '../../protocol/questions.ts'
import type { Services } from '../services.ts'
import { Disposables } from '../store/disposables.ts'
import { projectDocument } from './projectDocument.ts'
import { shownProblems, type OtherMessage, type Span } from './shownProblems.ts'

/** A pause in typing. */
const pauseMilliseconds = 400
/** VS Code's JSON validation speaks half a second after the last key, later while its server starts. */
const settlingMilliseconds = 1500
/** Nobody writes longer ones; a picture pasted as text is no experiment. */
const mostCharacters = 1_000_000

export const source = 'Foldwise'

interface Checked {
  timer: NodeJS.Timeout | undefined
  settling: NodeJS.Timeout | undefined
  /** Number of the last question: an answer to an earlier one is dropped. */
  asked: number
  /** Version of the document that `problems` are of. */
  version: number
  isSettled: boolean
  problems: readonly Problem[]
  /** What is shown now, to tell whether anything changes. */
  shown: readonly Problem[]
}

/** Keeps the problems of every open project file and experiment up to date. */
export class Checks implements vscode.Disposable {
  private readonly own = new Disposables()
  private readonly services: Services
  private readonly collection = this.own.add(vscode.languages.createDiagnosticCollection('foldwise'))
  private readonly documents = new Map<string, Checked>()

  constructor(services: Services) {
    this.services = services
    const { workspace, languages } = vscode
    this.own.add(
      workspace.onDidOpenTextDocument((document) => {
        this.plan(document, 0)
      }),
    )
    this.own.add(
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.plan(document, pauseMilliseconds)
      }),
    )
    this.own.add(
      workspace.onDidSaveTextDocument((document) => {
        this.plan(document, 0)
      }),
    )
    this.own.add(
      workspace.onDidCloseTextDocument(({ uri }) => {
        this.forget(uri)
      }),
    )
    this.own.add(
      languages.onDidChangeDiagnostics(({ uris }) => {
        for (const uri of uris) this.show(uri)
      }),
    )
    // A parent, the project or the images changed: what was right may be wrong now.
    this.own.add(
      services.projects.onDidChangeWithin(({ change }) => {
        if (change.type === 'everything') this.planAll(pauseMilliseconds)
      }),
    )
    this.own.add(
      services.projects.onDidChange(() => {
        this.planAll(pauseMilliseconds)
      }),
    )
    this.planAll(0)
  }

  /** Problems of the document as it stands, shown or not, that touch this range. */
  problemsAt(document: vscode.TextDocument, range: vscode.Range): readonly Problem[] {
    const checked = this.documents.get(document.uri.toString())
    if (checked?.version !== document.version) return []
    return checked.problems.filter((problem) => rangeOf(problem).intersection(range) !== undefined)
  }

  dispose(): void {
    for (const { timer, settling } of this.documents.values()) {
      clearTimeout(timer)
      clearTimeout(settling)
    }
    this.documents.clear()
    this.own.dispose()
  }

  private planAll(milliseconds: number): void {
    for (const document of vscode.workspace.textDocuments) this.plan(document, milliseconds)
  }

  private plan(document: vscode.TextDocument, milliseconds: number): void {
    const { uri } = document
    if (projectDocument(this.services.projects, uri) === undefined) {
      this.forget(uri)
      return
    }
    const key = uri.toString()
    const checked = this.documents.get(key) ?? unchecked()
    this.documents.set(key, checked)
    clearTimeout(checked.timer)
    checked.timer = setTimeout(() => void this.check(document, checked), milliseconds)
  }

  private async check(document: vscode.TextDocument, checked: Checked): Promise<void> {
    const { version, uri } = document
    const question = ++checked.asked
    const problems = await this.problemsOf(document)
    if (question !== checked.asked || this.documents.get(uri.toString()) !== checked || document.isClosed) return
    const isTyped = version !== checked.version
    Object.assign(checked, { problems, version, isSettled: checked.isSettled && !isTyped })
    this.show(uri)
    if (checked.isSettled) return
    clearTimeout(checked.settling)
    checked.settling = setTimeout(() => {
      checked.isSettled = true
      this.show(uri)
    }, settlingMilliseconds)
  }

  private async problemsOf(document: vscode.TextDocument): Promise<readonly Problem[]> {
    const text = document.getText()
    if (text.length > mostCharacters) return []
    try {
      const { assistant } = this.services
      return (await assistant.ask<'check'>({ type: 'check', file: document.uri.fsPath, text })).problems
    } catch (error) {
      // What cannot be checked has no problems to show; the file was deleted, or the window is closing.
      if (error instanceof UserError) this.services.log.debug(error.message)
      else this.services.log.warn(`check of ${document.uri.fsPath}: ${String(error)}`)
      return []
    }
  }

  private show(uri: vscode.Uri): void {
    const checked = this.documents.get(uri.toString())
    if (checked === undefined) return
    const others = vscode.languages.getDiagnostics(uri).filter((each) => each.source !== source)
    const shown = shownProblems(checked.problems, others.map(otherMessage), checked.isSettled)
    // Our own messages tell of a change, too.
    if (shown.length === checked.shown.length && shown.every((problem, index) => problem === checked.shown[index]))
      return
    checked.shown = shown
    this.collection.set(uri, shown.map(diagnosticOf))
  }

  private forget(uri: vscode.Uri): void {
    const checked = this.documents.get(uri.toString())
    if (checked === undefined) return
    clearTimeout(checked.timer)
    clearTimeout(checked.settling)
    this.documents.delete(uri.toString())
    this.collection.delete(uri)
  }
}

export function rangeOf({ startLine, startColumn, endLine, endColumn }: Span): vscode.Range {
  return new vscode.Range(startLine, startColumn, endLine, endColumn)
}

function unchecked(): Checked {
  return { timer: undefined, settling: undefined, asked: 0, version: -1, isSettled: false, problems: [], shown: [] }
}

function otherMessage({ range: { start, end }, severity }: vscode.Diagnostic): OtherMessage {
  return {
    span: { startLine: start.line, startColumn: start.character, endLine: end.line, endColumn: end.character },
    isError: severity === vscode.DiagnosticSeverity.Error,
  }
}

function diagnosticOf(problem: Problem): vscode.Diagnostic {
  const { Error, Warning, Information } = vscode.DiagnosticSeverity
  const severity = { error: Error, warning: Warning, information: Information }[problem.severity]
  const diagnostic = new vscode.Diagnostic(rangeOf(problem), problem.message, severity)
  diagnostic.source = source
  if (problem.code !== undefined) diagnostic.code = problem.code
  return diagnostic
}

import * as vscode from 'vscode'
import { programEnvironment } from '../program/environment.ts'
import { runProgram, type ProgramRecord } from '../program/runProgram.ts'
import { Dismissed } from './choose.ts'

/**
 * Runs a short command of the program behind a notification that can cancel it.
 * @param progressOf the share that is done (0 … 1), of a record that says so
 * @throws Dismissed when it did
 */
export async function runWithProgress(
  program: string,
  programArguments: readonly string[],
  title: string,
  progressOf: (record: ProgramRecord) => { readonly share: number; readonly message: string } | undefined = () =>
    undefined,
): Promise<readonly ProgramRecord[]> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true }
  return vscode.window.withProgress(options, async (progress, token) => {
    const cancel = new AbortController()
    token.onCancellationRequested(() => {
      cancel.abort(new Dismissed())
    })
    let done = 0
    return runProgram(program, programArguments, cancel.signal, programEnvironment(), (record) => {
      const next = progressOf(record)
      if (next === undefined) return
      progress.report({ message: next.message, increment: 100 * (next.share - done) })
      done = next.share
    })
  })
}

import * as vscode from 'vscode'
import { programEnvironment } from '../program/environment.ts'
import { runProgram, type ProgramRecord } from '../program/runProgram.ts'
import { Dismissed } from './choose.ts'

/** Runs a short command of the program behind a notification that can cancel it. @throws Dismissed when it did */
export async function runWithProgress(
  program: string,
  programArguments: readonly string[],
  title: string,
): Promise<readonly ProgramRecord[]> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true }
  return vscode.window.withProgress(options, async (_progress, token) => {
    const cancel = new AbortController()
    token.onCancellationRequested(() => {
      cancel.abort(new Dismissed())
    })
    return runProgram(program, programArguments, cancel.signal, programEnvironment())
  })
}

import { RunFolder } from '../runs/runFolder.ts'
import type { Workspace } from '../runs/workspace.ts'
import type { Output } from './output/output.ts'

const signals = ['SIGINT', 'SIGTERM'] as const

/** Ctrl-C while a trainer runs: the first asks it to stop after its step, the second ends the process. `close` it. */
export class Interruption {
  private readonly workspace: Workspace
  private readonly output: Output
  private run: RunFolder | undefined
  private wasAsked = false
  private readonly onSignal = (signal: NodeJS.Signals): void => {
    if (this.wasAsked) {
      this.close()
      process.kill(process.pid, signal)
      return
    }
    this.wasAsked = true
    this.output.message(`${signal}: stopping after this step, with a checkpoint; once more ends at once without one.`)
    this.run?.request('stop')
  }

  constructor(workspace: Workspace, output: Output) {
    this.workspace = workspace
    this.output = output
    for (const signal of signals) process.on(signal, this.onSignal)
  }

  /** Whether the person asked to stop. */
  get isAsked(): boolean {
    return this.wasAsked
  }

  /** The run that a stop is meant for, from now on; one that was asked for earlier is passed on. */
  attach(run: string): void {
    this.run = RunFolder.open(this.workspace, run)
    if (this.wasAsked) this.run.request('stop')
  }

  close(): void {
    for (const signal of signals) process.off(signal, this.onSignal)
  }
}

import type { RunId } from '../../protocol/curvesMessages.ts'
import type { RunEvent } from '../../protocol/events.ts'
import { RunFolder } from '../../runs/runFolder.ts'
import type { Workspace } from '../../runs/workspace.ts'
import { CurveRecorder } from './curveRecorder.ts'

/** Reads a run's events into its recorder. It may stop and go on: an event is taken once, whatever was read before. */
export class CurveFeed {
  readonly id: RunId
  readonly recorder = new CurveRecorder()
  private readonly workspace: Workspace
  private readonly onEvent: () => void
  /** Complete lines of a history never change, so that its first events are the ones that were taken already. */
  private taken = 0
  private tail: AbortController | undefined
  private reading: Promise<void> = Promise.resolve()
  private isComplete = false

  constructor(workspace: Workspace, id: RunId, onEvent: () => void) {
    this.workspace = workspace
    this.id = id
    this.onEvent = onEvent
  }

  /**
   * Takes the history, and what a run in training adds to it until `pause`.
   * @returns resolves when what was begun by this call has ended: at once where it is followed or was read already
   * @throws UserError where the run is gone or cannot be read
   */
  follow(isRunning: boolean): Promise<void> {
    if (isRunning) {
      if (this.tail !== undefined) return Promise.resolve()
      const tail = new AbortController()
      this.tail = tail
      this.isComplete = false
      return this.next((run) => this.takeNew(run.tailEvents(tail.signal), tail.signal))
    }
    if (this.tail === undefined && this.isComplete) return Promise.resolve()
    this.pause()
    this.isComplete = true
    return this.next(async (run) => {
      await this.takeNew(await run.readEvents())
    })
  }

  /** An ended history has grown: a run is copied here file by file. The next `follow` takes what was added. */
  expectMore(): void {
    this.isComplete = false
  }

  pause(): void {
    this.tail?.abort()
    this.tail = undefined
  }

  private next(read: (run: RunFolder) => Promise<void>): Promise<void> {
    // What went wrong before was told to whoever asked for it.
    this.reading = this.reading.catch(() => undefined).then(() => read(RunFolder.open(this.workspace, this.id.run)))
    return this.reading
  }

  private async takeNew(events: Iterable<RunEvent> | AsyncIterable<RunEvent>, signal?: AbortSignal): Promise<void> {
    let index = 0
    for await (const event of events) {
      if (signal?.aborted === true) return
      if (index++ < this.taken) continue
      this.taken++
      this.recorder.take(event)
      this.onEvent()
    }
  }
}

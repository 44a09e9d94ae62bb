import type { RunEvent } from '../../protocol/events.ts'
import { epochsOf, eventText, type EventText } from './eventText.ts'
import type { Output } from './output.ts'
import { ProgressBar } from './progressBar.ts'

/** Shows the events of a run: as they are with --json, with a bar on a terminal, else one line per epoch. */
export class Progress {
  private readonly output: Output
  private readonly bar: ProgressBar | undefined
  private epochs = 0

  constructor(output: Output) {
    this.output = output
    this.bar = !output.isJson && process.stderr.isTTY ? new ProgressBar() : undefined
  }

  show(event: RunEvent): void {
    if (this.output.isJson) {
      this.output.record(event)
      return
    }
    if (event.type === 'started') this.epochs = epochsOf(event)
    const text = eventText(event, this.epochs)
    if (text !== undefined) this.print(text)
    this.bar?.show(event)
  }

  /** Takes the bar off the screen. */
  close(): void {
    this.bar?.close()
  }

  private print({ stream, text }: EventText): void {
    this.bar?.clear()
    if (stream === 'result') this.output.line(text)
    else this.output.message(text)
    this.bar?.moveHere()
  }
}

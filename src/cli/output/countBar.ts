import { SingleBar } from 'cli-progress'
import type { Output } from './output.ts'

/** A bar on a terminal that counts things done; nothing elsewhere: a log has no use for it. `close` it. */
export class CountBar {
  private readonly bar: SingleBar | undefined
  private isStarted = false

  /** @param what is counted, e.g. `images` */
  constructor(output: Output, what: string) {
    const format = `[{bar}] {value} of {total} ${what}  {eta_formatted} left`
    const options = { format, stream: process.stderr, barsize: 24, clearOnComplete: true, hideCursor: false }
    this.bar = !output.isJson && process.stderr.isTTY ? new SingleBar(options) : undefined
  }

  show(done: number, total: number): void {
    if (this.isStarted) this.bar?.update(done)
    else this.bar?.start(total, done)
    this.isStarted = true
  }

  close(): void {
    this.bar?.stop()
  }
}

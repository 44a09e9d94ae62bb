import { SingleBar } from 'cli-progress'
import { byteText } from '../../core/byteText.ts'
import type { Output } from '../output/output.ts'

const millisecondsBetweenRecords = 200

/** A bar on a terminal, records with --json, nothing elsewhere: a log has no use for it. `close` it. */
export class DownloadProgress {
  private readonly output: Output
  private readonly subject: { readonly encoder: string; readonly weights: string }
  private bar: SingleBar | undefined
  private shown = -Infinity

  constructor(output: Output, subject: DownloadProgress['subject']) {
    this.output = output
    this.subject = subject
  }

  show(bytes: number, total: number): void {
    if (this.output.isJson) this.record(bytes, total)
    else if (process.stderr.isTTY) this.draw(bytes, total)
  }

  close(): void {
    this.bar?.stop()
  }

  private record(bytes: number, total: number): void {
    const now = performance.now()
    if (now - this.shown < millisecondsBetweenRecords && bytes < total) return
    this.shown = now
    this.output.record({ type: 'download', ...this.subject, bytes, total })
  }

  private draw(bytes: number, total: number): void {
    if (this.bar === undefined) {
      const format = '[{bar}] {done} of {all}  {eta_formatted} left'
      this.bar = new SingleBar({
        format,
        stream: process.stderr,
        barsize: 24,
        clearOnComplete: true,
        hideCursor: false,
      })
      this.bar.start(total, bytes, { done: byteText(bytes), all: byteText(total) })
    }
    this.bar.update(bytes, { done: byteText(bytes) })
  }
}

import { SingleBar } from 'cli-progress'
import type { EventOf, RunEvent } from '../../protocol/events.ts'
import { epochsOf } from './eventText.ts'

const format =
  'epoch {epoch}/{epochs} [{bar}] step {value}/{total}  loss {loss}  {speed} images/s  {eta_formatted} left'

/** Optimizer steps of a whole run, from what its first event says. */
function totalSteps(event: EventOf<'started'>): number {
  const data = event.config['data'] as { readonly batch_size?: number; readonly accumulate_grad_batches?: number }
  const images = event.images.train
  const batches = Math.floor(images / Math.max(1, Math.min(data.batch_size ?? 1, images)))
  return epochsOf(event) * Math.ceil(batches / (data.accumulate_grad_batches ?? 1))
}

/** One line on a terminal (stderr): epoch, step, loss, images per second, time left. */
export class ProgressBar {
  private readonly bar = new SingleBar({
    format,
    stream: process.stderr,
    etaBuffer: 50,
    barsize: 24,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    clearOnComplete: true,
    // A cursor that was hidden stays hidden when the process is killed.
    hideCursor: false,
  })
  private isShown = false

  show(event: RunEvent): void {
    if (event.type === 'started') {
      const epoch = event.resumed?.epoch ?? 1
      const payload = { epoch, epochs: epochsOf(event), loss: '–', speed: '–' }
      this.bar.start(totalSteps(event), event.resumed?.step ?? 0, payload)
      this.isShown = true
    }
    if (event.type !== 'step' || !this.isShown) return
    const { step, epoch, loss, imagesPerSecond } = event
    const speed = imagesPerSecond === null ? '–' : imagesPerSecond.toFixed(1)
    this.bar.update(step, { epoch, loss: loss === null ? 'not finite' : loss.toFixed(4), speed })
  }

  /** Makes room for a line of text. */
  clear(): void {
    if (this.isShown) process.stderr.write('\r\u001b[K')
  }

  /** Lets the bar go on below a line of text: closing it returns to the saved position, which was above that line. */
  moveHere(): void {
    if (this.isShown) process.stderr.write('\u001b7')
  }

  close(): void {
    if (this.isShown) this.bar.stop()
    this.isShown = false
  }
}

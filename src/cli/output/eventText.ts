import type { EventOf, RunEvent } from '../../protocol/events.ts'
import { durationText } from './duration.ts'
import { scoreText } from './scores.ts'

/** What an event says to a person, and whether it is a result (stdout) or a message (stderr); undefined for single steps. */
export interface EventText {
  readonly stream: 'result' | 'message'
  readonly text: string
}

/** Number of epochs of a run, from its resolved configuration. */
export function epochsOf({ config }: EventOf<'started'>): number {
  const train = config['train'] as { readonly epochs?: number } | undefined
  return train?.epochs ?? 0
}

function startedText(event: EventOf<'started'>): string {
  const { run, device, engine, threads, images, resumed } = event
  const how = `${engine.name} ${engine.lowering} on ${device}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`
  const onward = resumed === undefined ? '' : `, going on in epoch ${resumed.epoch} at step ${resumed.step}`
  return `run ${run}: ${images.train} training and ${images.valid} validation images, ${how}${onward}`
}

function epochText({ epoch, train, valid, seconds }: EventOf<'epoch'>, epochs: number): string {
  const place = `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`
  const scores = `mIoU ${scoreText(valid.mIoU)}, Dice ${scoreText(valid.dice)}`
  return `${place}  train loss ${lossText(train.loss)}  validation loss ${lossText(valid.loss)}, ${scores}  ${durationText(seconds)}`
}

function lossText(loss: number | null): string {
  return loss === null ? 'not finite' : loss.toFixed(4)
}

/** @param epochs number of epochs of the run */
export function eventText(event: RunEvent, epochs: number): EventText | undefined {
  switch (event.type) {
    case 'started':
      return { stream: 'message', text: startedText(event) }
    case 'phase':
      return event.message === undefined ? undefined : { stream: 'message', text: event.message }
    case 'epoch':
      return { stream: 'result', text: epochText(event, epochs) }
    case 'warning':
      return { stream: 'message', text: `warning: ${event.message}` }
    case 'check':
      return { stream: 'result', text: `${event.verdict.padEnd(7)} ${event.name}: ${event.message}` }
    case 'stopped':
      return { stream: 'message', text: `stopped in epoch ${event.epoch} after step ${event.step}` }
    case 'finished':
      return event.reason === undefined ? undefined : { stream: 'message', text: event.reason }
    case 'step':
    case 'checkpoint':
    case 'preview':
    case 'failed':
      // The outcome and the error are printed by the verb and by failure.ts, with more detail.
      return undefined
    default:
      return event satisfies never
  }
}

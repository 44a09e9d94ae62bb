import type { EmptyOverlay } from '../../../src/protocol/overlayMessages.ts'
import { text } from '../../shared/texts.ts'

/** What a person reads where there is nothing to see, and what to do about it. */
export interface EmptyText {
  readonly message: string
  readonly hint: string
}

export function emptyText(empty: EmptyOverlay, run: string): EmptyText {
  switch (empty.reason) {
    case 'loading':
      return { message: text('Loading…'), hint: '' }
    case 'training':
      return {
        message: text('{0} is training and has no scores yet.', run),
        hint:
          empty.epochs === undefined || empty.epochs === 0
            ? text('Scores appear here after the first epoch.')
            : text('{0} of {1} epochs are done. Scores appear here after the first.', empty.epoch, empty.epochs),
      }
    case 'no-scores':
      return {
        message: text('{0} ended before its first validation: it has no scores and no predictions.', run),
        hint: text('Resume it, or choose another run.'),
      }
    case 'gone':
      return {
        message: text('{0} does not exist any more: its folder was deleted or renamed.', run),
        hint: text('Choose another run.'),
      }
    case 'no-project':
      return {
        message: text('The project of {0} is not open in this window.', run),
        hint: text('Open its folder to see the run again.'),
      }
    case 'unreadable':
      return { message: text('{0} cannot be read.', run), hint: empty.message }
    default:
      return empty satisfies never
  }
}

import type { StateChange } from './viewState.ts'

/** Everything that a person can do in the view; what is no change of its state is over when the view is closed. */
export type Action =
  | StateChange
  /** To the next or the previous image of the order. */
  | { readonly type: 'step'; readonly by: 1 | -1 }
  | { readonly type: 'toggle-blink' }
  /** The baseline's prediction while a key is held down. */
  | { readonly type: 'peek'; readonly isOn: boolean }
  | { readonly type: 'search' }
  | { readonly type: 'help' }
  | { readonly type: 'retry' }
  | { readonly type: 'choose-run' }

import type { Action } from '../model/actions.ts'

const actionEventName = 'foldwise-curves-action'

declare global {
  interface HTMLElementEventMap {
    [actionEventName]: CustomEvent<Action>
  }
}

/** Tells the view what a person did; it goes up through all elements. */
export function act(element: HTMLElement, action: Action): void {
  element.dispatchEvent(new CustomEvent(actionEventName, { detail: action, bubbles: true, composed: true }))
}

export function listenToActions(element: HTMLElement, perform: (action: Action) => void): void {
  element.addEventListener(actionEventName, ({ detail }) => {
    perform(detail)
  })
}

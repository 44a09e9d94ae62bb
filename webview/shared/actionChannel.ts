const actionEventName = 'foldwise-action'

/** How the elements of a view tell it what a person did: an event that goes up through all of them. */
export interface ActionChannel<Action> {
  readonly act: (element: HTMLElement, action: Action) => void
  readonly listenToActions: (element: HTMLElement, perform: (action: Action) => void) => void
}

/** @typeParam Action what a person may do in this view; a page holds one view */
export function actionChannel<Action>(): ActionChannel<Action> {
  return {
    act: (element, action) => {
      element.dispatchEvent(new CustomEvent(actionEventName, { detail: action, bubbles: true, composed: true }))
    },
    listenToActions: (element, perform) => {
      element.addEventListener(actionEventName, (event) => {
        perform((event as CustomEvent<Action>).detail)
      })
    },
  }
}

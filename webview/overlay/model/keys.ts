import type { Action } from './actions.ts'
import { paneNames } from './viewState.ts'

/** What a keyboard event says; `code` is the place of the key, for keyboards that write no Latin letters. */
export interface KeyPress {
  readonly key: string
  readonly code: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
}

/** Factor of one step of magnification. */
export const zoomStep = 1.25
const panPixels = 48
const opacityStep = 0.1

/**
 * What a key does; undefined where it does nothing.
 * @param canPan whether a magnified pane has the focus: then the arrows move the picture
 */
export function actionOfKey(press: KeyPress, canPan: boolean): Action | undefined {
  if (press.ctrlKey || press.metaKey || press.altKey) return undefined
  const key = latin(press)
  if (canPan && key in pans) return { type: 'pan', by: pans[key] }
  const pane = paneNames.at(Number(key) - 1)
  if (/^[1-4]$/.test(key) && pane !== undefined) return { type: 'toggle-pane', pane }
  return key in actions ? actions[key] : undefined
}

function latin({ key, code }: KeyPress): string {
  if (/^[a-z]$/i.test(key)) return key.toLowerCase()
  // A Korean keyboard writes jamo, and an input method "Process".
  return code.startsWith('Key') ? code.slice('Key'.length).toLowerCase() : key
}

/** The picture moves against the arrow, as a page does. */
const pans: Readonly<Record<string, { readonly x: number; readonly y: number }>> = {
  ArrowLeft: { x: panPixels, y: 0 },
  ArrowRight: { x: -panPixels, y: 0 },
  ArrowUp: { x: 0, y: panPixels },
  ArrowDown: { x: 0, y: -panPixels },
}

const next: Action = { type: 'step', by: 1 }
const previous: Action = { type: 'step', by: -1 }
const enlarge: Action = { type: 'zoom', factor: zoomStep }
const reduce: Action = { type: 'zoom', factor: 1 / zoomStep }

const actions: Readonly<Record<string, Action>> = {
  n: next,
  p: previous,
  PageDown: next,
  PageUp: previous,
  ArrowRight: next,
  ArrowLeft: previous,
  '+': enlarge,
  '=': enlarge,
  '-': reduce,
  '0': { type: 'fit' },
  '[': { type: 'more-opacity', by: -opacityStep },
  ']': { type: 'more-opacity', by: opacityStep },
  g: { type: 'panes', panes: 'all' },
  Escape: { type: 'panes', panes: 'all' },
  a: { type: 'hide-classes', names: [] },
  b: { type: 'toggle-blink' },
  ' ': { type: 'peek', isOn: true },
  '/': { type: 'search' },
  '?': { type: 'help' },
}

import type { ChartName } from './chartLines.ts'
import type { Axis } from './runCurve.ts'
import type { Settings, ShownScore, Span } from './settings.ts'

/** What a person changes of the settings. */
type SettingsAction =
  | { readonly type: 'axis'; readonly axis: Axis }
  | { readonly type: 'smoothing'; readonly smoothing: number }
  | { readonly type: 'logarithmic'; readonly isOn: boolean }
  | { readonly type: 'references'; readonly isOn: boolean }
  | { readonly type: 'score'; readonly score: ShownScore }
  | { readonly type: 'pace'; readonly pace: Settings['pace'] }
  | { readonly type: 'show'; readonly key: string; readonly isShown: boolean }
  | { readonly type: 'hide'; readonly keys: readonly string[] }
  | { readonly type: 'focus'; readonly key: string | undefined }
  | { readonly type: 'layout'; readonly layout: Settings['layout'] }
  | { readonly type: 'table-rows'; readonly rows: Settings['tableRows'] }
  | { readonly type: 'zoom'; readonly zoom: Span | undefined }

/** What a person does. */
export type Action =
  | SettingsAction
  | { readonly type: 'choose-runs' }
  | { readonly type: 'open-overlay'; readonly key: string }
  /** The pointer is at a place of a chart, in values of its axes. */
  | { readonly type: 'point'; readonly chart: ChartName; readonly x: number; readonly y: number }
  | { readonly type: 'leave' }
  | { readonly type: 'key'; readonly chart: ChartName; readonly key: ChartKey }

/** What the keys of a chart mean. */
export type ChartKey =
  | { readonly type: 'move'; readonly points: number }
  | { readonly type: 'move-share'; readonly share: number }
  | { readonly type: 'end'; readonly which: 'first' | 'last' }
  | { readonly type: 'run'; readonly by: 1 | -1 }
  | { readonly type: 'scale'; readonly factor: number }
  | { readonly type: 'reset' }
  | { readonly type: 'open' }

export function changed(settings: Settings, action: SettingsAction): Settings {
  switch (action.type) {
    case 'axis':
      // A part of one axis means nothing on another.
      return { ...settings, axis: action.axis, zoom: undefined }
    case 'smoothing':
      return { ...settings, smoothing: action.smoothing }
    case 'logarithmic':
      return { ...settings, isLossLogarithmic: action.isOn }
    case 'references':
      return { ...settings, hasReferences: action.isOn }
    case 'score':
      return { ...settings, score: action.score }
    case 'pace':
      return { ...settings, pace: action.pace }
    case 'show': {
      const others = settings.hidden.filter((key) => key !== action.key)
      return { ...settings, hidden: action.isShown ? others : [...others, action.key] }
    }
    case 'hide':
      return { ...settings, hidden: action.keys }
    case 'focus':
      return { ...settings, focused: action.key }
    case 'layout':
      return { ...settings, layout: action.layout }
    case 'table-rows':
      return { ...settings, tableRows: action.rows }
    case 'zoom':
      return { ...settings, zoom: action.zoom }
    default:
      return action satisfies never
  }
}

/** undefined for keys that a chart leaves alone. */
export function chartKey({
  key,
  shiftKey,
  ctrlKey,
  altKey,
  metaKey,
}: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey'>): ChartKey | undefined {
  if (ctrlKey || altKey || metaKey) return undefined
  switch (key) {
    case 'ArrowLeft':
      return { type: 'move', points: shiftKey ? -10 : -1 }
    case 'ArrowRight':
      return { type: 'move', points: shiftKey ? 10 : 1 }
    case 'PageUp':
      return { type: 'move-share', share: -0.1 }
    case 'PageDown':
      return { type: 'move-share', share: 0.1 }
    case 'Home':
      return { type: 'end', which: 'first' }
    case 'End':
      return { type: 'end', which: 'last' }
    case 'ArrowUp':
      return { type: 'run', by: -1 }
    case 'ArrowDown':
      return { type: 'run', by: 1 }
    case '+':
    case '=':
      return { type: 'scale', factor: 0.5 }
    case '-':
    case '_':
      return { type: 'scale', factor: 2 }
    case '0':
    case 'Escape':
      return { type: 'reset' }
    case 'Enter':
      return { type: 'open' }
    default:
      return undefined
  }
}

import type { ImageOrder } from './imageOrder.ts'
import { panned, zoomed, type Frame, type Point, type Zoom } from './zoom.ts'

export const paneNames = ['image', 'truth', 'prediction', 'errors'] as const
export type PaneName = (typeof paneNames)[number]
export type ShownPanes = PaneName | 'all'

/** How a person looks at a run; kept over a reload. */
export interface ViewState {
  readonly image: string | undefined
  readonly order: ImageOrder
  /** Of the label maps over the photograph, 0 … 1. */
  readonly opacity: number
  /** By name: a run with other classes keeps what it shares. */
  readonly hiddenClasses: readonly string[]
  readonly panes: ShownPanes
  readonly zoom: Zoom
}

export const initialState: ViewState = {
  image: undefined,
  order: { by: 'worst' },
  opacity: 0.6,
  hiddenClasses: [],
  panes: 'all',
  zoom: 'fit',
}

/** What changes how a person looks at a run. */
export type StateChange =
  | { readonly type: 'show-image'; readonly image: string }
  | { readonly type: 'order'; readonly order: ImageOrder }
  | { readonly type: 'opacity'; readonly opacity: number }
  | { readonly type: 'more-opacity'; readonly by: number }
  | { readonly type: 'hide-classes'; readonly names: readonly string[] }
  | { readonly type: 'panes'; readonly panes: ShownPanes }
  /** The pane alone; all of them when it was alone before. */
  | { readonly type: 'toggle-pane'; readonly pane: PaneName }
  /** `at` in CSS pixels of a pane; its middle when left out. */
  | { readonly type: 'zoom'; readonly factor: number; readonly at?: Point }
  | { readonly type: 'pan'; readonly by: Point }
  | { readonly type: 'fit' }

/** @param frame the panes and the picture in them; undefined while there is none */
export function changed(state: ViewState, change: StateChange, frame: Frame | undefined): ViewState {
  switch (change.type) {
    case 'show-image':
      return { ...state, image: change.image }
    case 'order':
      return { ...state, order: change.order }
    case 'opacity':
      return { ...state, opacity: fraction(change.opacity) }
    case 'more-opacity':
      return { ...state, opacity: fraction(state.opacity + change.by) }
    case 'hide-classes':
      return { ...state, hiddenClasses: change.names }
    case 'panes':
      return { ...state, panes: change.panes }
    case 'toggle-pane':
      return { ...state, panes: state.panes === change.pane ? 'all' : change.pane }
    case 'zoom':
      return frame === undefined ? state : { ...state, zoom: zoomed(state.zoom, frame, change.factor, change.at) }
    case 'pan':
      return frame === undefined ? state : { ...state, zoom: panned(state.zoom, frame, change.by) }
    case 'fit':
      return { ...state, zoom: 'fit' }
    default:
      return change satisfies never
  }
}

/** What a view remembered, as far as this version understands it. */
export function recalledState(memory: unknown): ViewState {
  if (typeof memory !== 'object' || memory === null) return initialState
  const { image, order, opacity, hiddenClasses, panes, zoom } = memory as Readonly<Record<keyof ViewState, unknown>>
  return {
    image: typeof image === 'string' ? image : initialState.image,
    order: isOrder(order) ? order : initialState.order,
    opacity: typeof opacity === 'number' ? fraction(opacity) : initialState.opacity,
    hiddenClasses: Array.isArray(hiddenClasses)
      ? hiddenClasses.filter((name) => typeof name === 'string')
      : initialState.hiddenClasses,
    panes: isShownPanes(panes) ? panes : initialState.panes,
    zoom: isZoom(zoom) ? zoom : initialState.zoom,
  }
}

/** Two decimals, so that ten steps of a tenth end at 1. */
function fraction(value: number): number {
  return Math.round(Math.min(Math.max(value, 0), 1) * 100) / 100
}

function isOrder(value: unknown): value is ImageOrder {
  if (typeof value !== 'object' || value === null || !('by' in value)) return false
  if (value.by === 'class') return 'className' in value && typeof value.className === 'string'
  return value.by === 'worst' || value.by === 'best' || value.by === 'name'
}

function isShownPanes(value: unknown): value is ShownPanes {
  return value === 'all' || paneNames.some((name) => name === value)
}

function isZoom(value: unknown): value is Zoom {
  if (value === 'fit') return true
  if (typeof value !== 'object' || value === null) return false
  return ['scale', 'centerX', 'centerY'].every((key) => Number.isFinite((value as Record<string, unknown>)[key]))
}

import { rememberedSelection, type CurvesSelection, type ScoreName } from '../../../src/protocol/curvesMessages.ts'
import type { Slots } from './curvesModel.ts'
import type { Axis } from './runCurve.ts'

/** Part of an axis, in its unit. */
export interface Span {
  readonly min: number
  readonly max: number
}

/** What the chart of scores shows: one score of every run, IoU of one class of every run, or all classes of one run. */
export type ShownScore =
  | { readonly kind: 'primary' }
  | { readonly kind: 'score'; readonly name: ScoreName }
  | { readonly kind: 'class'; readonly name: string }
  | { readonly kind: 'every class' }

/** What a person set; it outlives a reload of the window. */
export interface Settings {
  readonly axis: Axis
  /** Weight of what came before, 0…0.99. */
  readonly smoothing: number
  readonly isLossLogarithmic: boolean
  readonly hasReferences: boolean
  readonly score: ShownScore
  readonly pace: 'lr' | 'gradNorm'
  /** Keys of the runs that are switched off. */
  readonly hidden: readonly string[]
  /** Key of the run that is looked at. */
  readonly focused: string | undefined
  readonly layout: 'charts' | 'table'
  readonly tableRows: 'epochs' | 'steps'
  /** undefined: all there is, and what comes. */
  readonly zoom: Span | undefined
}

/** What VS Code keeps for the view. */
export type Memory = Settings & { readonly selection: CurvesSelection; readonly slots: Slots }

const defaults: Settings = {
  axis: 'step',
  smoothing: 0.9,
  isLossLogarithmic: false,
  hasReferences: true,
  score: { kind: 'primary' },
  pace: 'lr',
  hidden: [],
  focused: undefined,
  layout: 'charts',
  tableRows: 'epochs',
  zoom: undefined,
}

/** What the view remembered, as far as it holds; an earlier version may have remembered other things. */
export function recalled(state: unknown): {
  readonly settings: Settings
  readonly selection: CurvesSelection | undefined
  readonly slots: Slots
} {
  const kept = typeof state === 'object' && state !== null ? (state as Readonly<Record<string, unknown>>) : {}
  const names = Object.keys(defaults) as readonly (keyof Settings)[]
  const valid = names.filter((name) => isValid(name, kept[name])).map((name) => [name, kept[name]] as const)
  return {
    settings: { ...defaults, ...Object.fromEntries(valid) },
    selection: rememberedSelection(state),
    slots: slotsOf(kept['slots']),
  }
}

function slotsOf(value: unknown): Slots {
  if (!Array.isArray(value)) return []
  return value.flatMap((pair: unknown): Slots => {
    const [key, slot] = Array.isArray(pair) ? (pair as readonly unknown[]) : []
    return typeof key === 'string' && Number.isSafeInteger(slot) && Number(slot) >= 0 ? [[key, Number(slot)]] : []
  })
}

function isValid(name: keyof Settings, value: unknown): boolean {
  switch (name) {
    case 'axis':
      return value === 'step' || value === 'epoch' || value === 'seconds'
    case 'smoothing':
      return typeof value === 'number' && value >= 0 && value < 1
    case 'isLossLogarithmic':
    case 'hasReferences':
      return typeof value === 'boolean'
    case 'score':
      return isShownScore(value)
    case 'pace':
      return value === 'lr' || value === 'gradNorm'
    case 'hidden':
      return Array.isArray(value) && value.every((key) => typeof key === 'string')
    case 'focused':
      return typeof value === 'string'
    case 'layout':
      return value === 'charts' || value === 'table'
    case 'tableRows':
      return value === 'epochs' || value === 'steps'
    case 'zoom':
      return isSpan(value)
    default:
      return name satisfies never
  }
}

function isShownScore(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false
  const { kind } = value
  const name = 'name' in value ? value.name : undefined
  if (kind === 'score') return name === 'mIoU' || name === 'dice' || name === 'pixelAccuracy'
  return kind === 'primary' || kind === 'every class' || (kind === 'class' && typeof name === 'string')
}

function isSpan(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('min' in value) || !('max' in value)) return false
  return typeof value.min === 'number' && typeof value.max === 'number' && value.min < value.max
}

import type { ScoreName } from '../../../src/protocol/curvesMessages.ts'
import type { PlacedCurve } from './curvesModel.ts'
import type { NoisyColumn, RunCurve } from './runCurve.ts'
import type { Settings } from './settings.ts'

/** The charts, from top to bottom; `pace` is the learning rate or the norm of the gradients. */
export const chartNames = ['loss', 'score', 'pace'] as const
export type ChartName = (typeof chartNames)[number]

/** Who a line belongs to, as its colour, dashes and markers tell. */
export type Owner =
  | { readonly kind: 'run'; readonly slot: number }
  | { readonly kind: 'reference'; readonly slot: number }
  | { readonly kind: 'class'; readonly slot: number; readonly color: string | undefined }

export interface ChartLine {
  /** Of the run. */
  readonly key: string
  readonly owner: Owner
  /**
   * `raw`: every step, thin and pale under its `smooth` line. `exact`: every step where nothing is smoothed. `points`: one
   * marker per epoch. `stairs`: a value that holds until the next one.
   */
  readonly look: 'raw' | 'smooth' | 'exact' | 'points' | 'stairs'
  /** Growing. */
  readonly xs: Float64Array
  /** As many; NaN is a gap. */
  readonly ys: Float64Array
  readonly isFocused: boolean
}

/** Runs that charts show: those that are neither switched off nor gone. */
export function drawnCurves(all: readonly PlacedCurve[], settings: Settings): readonly PlacedCurve[] {
  return all.filter(
    ({ curve }) =>
      !curve.isGone && !settings.hidden.includes(curve.key) && (settings.hasReferences || !curve.facts.isReference),
  )
}

/** The run that is looked at: the chosen one, else the only or the first one that is drawn. */
export function focusedCurve(drawn: readonly PlacedCurve[], { focused }: Settings): PlacedCurve | undefined {
  return drawn.find(({ curve }) => curve.key === focused) ?? drawn.at(0)
}

/** Lines of a chart in the order of drawing: the run that is looked at comes last, over all others. */
export function chartLines(chart: ChartName, drawn: readonly PlacedCurve[], settings: Settings): readonly ChartLine[] {
  const focused = focusedCurve(drawn, settings)
  if (chart === 'score' && settings.score.kind === 'every class')
    return focused === undefined ? [] : classLines(focused.curve, settings)
  const last = drawn.some(({ curve }) => curve.key === settings.focused) ? focused : undefined
  const ordered = [
    ...drawn.filter((each) => each.curve.facts.isReference),
    ...drawn.filter((each) => !each.curve.facts.isReference),
  ]
  const lines = (placed: PlacedCurve): readonly ChartLine[] => linesOf(chart, placed, settings, placed === last)
  return [...ordered.filter((placed) => placed !== last), ...(last === undefined ? [] : [last])].flatMap(lines)
}

function linesOf(
  chart: ChartName,
  { curve, slot }: PlacedCurve,
  settings: Settings,
  isFocused: boolean,
): readonly ChartLine[] {
  const { axis, smoothing, pace } = settings
  const owner: Owner = { kind: curve.facts.isReference ? 'reference' : 'run', slot }
  const line = (look: ChartLine['look'], xs: Float64Array, ys: Float64Array): ChartLine => ({
    key: curve.key,
    owner,
    look,
    xs,
    ys,
    isFocused,
  })
  const noisy = (name: NoisyColumn): readonly ChartLine[] => [
    // What scatters around the reference tells nothing of the others.
    ...(smoothing === 0 || curve.facts.isReference ? [] : [line('raw', curve.step(axis), curve.step(name))]),
    line(smoothing === 0 ? 'exact' : 'smooth', curve.step(axis), curve.smoothed(name, smoothing)),
  ]
  switch (chart) {
    case 'loss':
      return [...noisy('loss'), line('points', curve.epoch(axis), curve.epoch('validLoss'))]
    case 'score':
      return [line('points', curve.epoch(axis), scoreColumn(curve, settings))]
    case 'pace':
      return pace === 'lr' ? [line('stairs', curve.step(axis), curve.step('lr'))] : noisy('gradNorm')
    default:
      return chart satisfies never
  }
}

function classLines(curve: RunCurve, { axis }: Settings): readonly ChartLine[] {
  return curve.classes.map(({ color }, slot) => ({
    key: curve.key,
    owner: { kind: 'class', slot, color },
    look: 'points',
    xs: curve.epoch(axis),
    ys: curve.classIoU(slot),
    isFocused: false,
  }))
}

/** The score that a run is shown by; empty where it has no such class. */
export function scoreColumn(curve: RunCurve, { score }: Pick<Settings, 'score'>): Float64Array {
  if (score.kind === 'class') return curve.classIoU(curve.classes.findIndex(({ name }) => name === score.name))
  return curve.epoch(scoreName(curve, score))
}

function scoreName(curve: RunCurve, score: Settings['score']): ScoreName {
  return score.kind === 'score' ? score.name : curve.facts.metric
}

import { clockText, countText, epochText, numberText, scoreText } from './numberTexts.ts'
import type { RunCurve } from './runCurve.ts'
import type { Settings } from './settings.ts'

/** Columns after the run's name; a class has its name as the heading. */
export type TableColumn =
  | { readonly kind: 'number'; readonly name: TableNumber }
  | { readonly kind: 'class'; readonly name: string; readonly index: number }

type TableNumber =
  | 'step'
  | 'epoch'
  | 'seconds'
  | 'loss'
  | 'smoothedLoss'
  | 'lr'
  | 'gradNorm'
  | 'trainLoss'
  | 'validLoss'
  | 'mIoU'
  | 'dice'
  | 'pixelAccuracy'

const stepNumbers: readonly TableNumber[] = ['step', 'epoch', 'seconds', 'loss', 'smoothedLoss', 'lr', 'gradNorm']
const epochNumbers: readonly TableNumber[] = [
  'epoch',
  'step',
  'seconds',
  'trainLoss',
  'validLoss',
  'mIoU',
  'dice',
  'pixelAccuracy',
]

export interface TableRow {
  readonly run: string
  readonly cells: readonly string[]
}

/** Part of a table that may have a hundred thousand rows. */
export interface TablePage {
  readonly columns: readonly TableColumn[]
  readonly rows: readonly TableRow[]
  /** Index of the first row, of all. */
  readonly first: number
  readonly count: number
}

export const rowsPerPage = 100

/** The numbers behind the charts, run by run. @param page from 0; beyond the end it is the last one */
export function tablePage(curves: readonly RunCurve[], settings: Settings, page: number): TablePage {
  const columns = columnsOf(curves, settings)
  const lengths = curves.map((curve) => lengthOf(curve, settings))
  const count = lengths.reduce((sum, length) => sum + length, 0)
  const first = Math.max(0, Math.min(page, Math.ceil(count / rowsPerPage) - 1)) * rowsPerPage
  const rows: TableRow[] = []
  let before = 0
  for (const [index, curve] of curves.entries()) {
    const begin = Math.max(0, first - before)
    const end = Math.min(lengths[index], first + rowsPerPage - before)
    for (let row = begin; row < end; row++) {
      rows.push({ run: curve.name, cells: columns.map((column) => cell(curve, column, row, settings)) })
    }
    before += lengths[index]
  }
  return { columns, rows, first, count }
}

function columnsOf(curves: readonly RunCurve[], { tableRows }: Settings): readonly TableColumn[] {
  const numbers = (tableRows === 'steps' ? stepNumbers : epochNumbers).map(
    (name) => ({ kind: 'number', name }) as const,
  )
  if (tableRows === 'steps' || curves.length === 0) return numbers
  const [{ classes }] = curves
  const isShared = curves.every((curve) => JSON.stringify(curve.classes) === JSON.stringify(classes))
  return [...numbers, ...(isShared ? classes.map(({ name }, index) => ({ kind: 'class', name, index }) as const) : [])]
}

function lengthOf(curve: RunCurve, { tableRows }: Settings): number {
  return tableRows === 'steps' ? curve.step('step').length : curve.epoch('step').length
}

function cell(curve: RunCurve, column: TableColumn, row: number, { tableRows, smoothing }: Settings): string {
  if (column.kind === 'class') return scoreText(curve.classIoU(column.index)[row])
  const { name } = column
  switch (name) {
    case 'step':
      return countText((tableRows === 'steps' ? curve.step(name) : curve.epoch(name))[row])
    case 'epoch':
      return epochText((tableRows === 'steps' ? curve.step(name) : curve.epoch(name))[row])
    case 'seconds':
      return clockText((tableRows === 'steps' ? curve.step(name) : curve.epoch(name))[row])
    case 'smoothedLoss':
      return numberText(curve.smoothed('loss', smoothing)[row])
    case 'loss':
    case 'lr':
    case 'gradNorm':
      return numberText(curve.step(name)[row])
    case 'trainLoss':
    case 'validLoss':
      return numberText(curve.epoch(name)[row])
    case 'mIoU':
    case 'dice':
    case 'pixelAccuracy':
      return scoreText(curve.epoch(name)[row])
    default:
      return name satisfies never
  }
}

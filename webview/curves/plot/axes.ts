import type uPlot from 'uplot'
import { clockText, tickTexts } from '../model/numberTexts.ts'
import type { Axis } from '../model/runCurve.ts'
import type { Palette } from './palette.ts'

/** Lengths between labels that people think in: seconds, minutes, hours. */
const secondIncrements = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 43200, 86400]
/** Between whole epochs there are fractions, between steps there is nothing. */
const epochIncrements = decades(-2, 7)
const stepIncrements = decades(0, 9)
const valueAxisPixels = 58

/** What makes one of uPlot's scales grow by factors: its type is an enum that exists at no run time. */
export const logarithmic = { distr: 3 } as unknown as Pick<uPlot.Scale, 'distr'>

/** Axes that take their colours from the palette of now. */
export function chartAxes(axis: Axis, palette: () => Palette): uPlot.Axis[] {
  const look = (): Pick<uPlot.Axis, 'stroke' | 'font' | 'grid' | 'ticks'> => ({
    stroke: () => palette().text,
    font: palette().font,
    grid: { stroke: () => faint(palette()), width: 1 },
    ticks: { show: false },
  })
  return [
    {
      ...look(),
      size: 26,
      gap: 6,
      space: 70,
      incrs: { step: stepIncrements, epoch: epochIncrements, seconds: secondIncrements }[axis],
      values: (_, splits: number[], _index, _space, step: number) =>
        axis === 'seconds' ? splits.map(clockText) : [...tickTexts(splits, step)],
    },
    {
      ...look(),
      size: valueAxisPixels,
      gap: 8,
      space: 36,
      values: (plot, splits: number[], _index, _space, step: number) => [
        ...tickTexts(splits, plot.scales['y'].distr === logarithmic.distr ? 0 : step),
      ],
    },
  ]
}

/** 1, 2 and 5 times the powers of ten. */
function decades(first: number, last: number): number[] {
  const powers = Array.from({ length: last - first + 1 }, (_, index) => first + index)
  return powers.flatMap((power) => [1, 2, 5].map((digit) => Number(`${digit}e${power}`)))
}

/** Lines of the grid are there when they are looked for. */
function faint({ grid, isHighContrast }: Palette): string {
  return isHighContrast
    ? `color-mix(in srgb, ${grid} 35%, transparent)`
    : `color-mix(in srgb, ${grid} 30%, transparent)`
}

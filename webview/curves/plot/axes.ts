import type uPlot from 'uplot'
import { clockText, tickTexts } from '../model/numberTexts.ts'
import type { Axis } from '../model/runCurve.ts'
import type { Palette } from './palette.ts'

/** Lengths between labels that people think in: seconds, minutes, hours. */
const secondIncrements = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 43200, 86400]
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
      ...(axis === 'seconds'
        ? { incrs: secondIncrements, values: (_, splits: number[]) => splits.map(clockText) }
        : { values: (_, splits: number[], _index, _space, step: number) => [...tickTexts(splits, step)] }),
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

/** Lines of the grid are there when they are looked for. */
function faint({ grid, isHighContrast }: Palette): string {
  return isHighContrast
    ? `color-mix(in srgb, ${grid} 35%, transparent)`
    : `color-mix(in srgb, ${grid} 30%, transparent)`
}

import type { ExperimentConfig } from '../../core/experiment.ts'
import { followsScores, learningRate, scheduledMomentum } from '../../core/schedulers/learningRate.ts'
import { bar } from './bar.ts'
import { page } from './page.ts'
import { escaped, shortNumber, svgCurve } from './svgCurve.ts'
import { table } from './table.ts'

/** Columns of the longest bar: a line stays within a terminal of 80. */
const barColumns = 48

export const followsScoresNote = 'The rate follows the scores of validation: shown is one that never falls.'

/** Of every epoch, from the first. @throws UserError where the schedule is shorter than the run */
export function ratesOf(config: ExperimentConfig): readonly number[] {
  return Array.from({ length: config.train.epochs }, (_, index) => learningRate(config, index + 1))
}

/** Of every epoch where the schedule moves it; undefined where it stays the optimizer's. */
export function momentaOf(config: ExperimentConfig): readonly number[] | undefined {
  const momenta = Array.from({ length: config.train.epochs }, (_, index) => scheduledMomentum(config, index + 1))
  return momenta.every((momentum) => momentum !== undefined) ? momenta : undefined
}

/** A line about what is drawn. */
export function scheduleText(config: ExperimentConfig): string {
  const rates = ratesOf(config)
  const { scheduler, optimizer, train } = config
  const range = `from ${shortNumber(rates[0])} to ${shortNumber(rates[rates.length - 1])}, at most ${shortNumber(Math.max(...rates))}`
  const epochs = train.epochs === 1 ? '1 epoch' : `${train.epochs} epochs`
  const note = followsScores(config) ? ` ${followsScoresNote}` : ''
  return `${scheduler.name} over ${epochs} of ${optimizer.name}: ${range}.${note}`
}

export function scheduleCurve(config: ExperimentConfig): string {
  return svgCurve({
    points: ratesOf(config).map((rate, index) => [index + 1, rate]),
    title: scheduleText(config),
    xLabel: 'epoch',
    yLabel: 'learning rate',
  })
}

export function schedulePage(experiment: string, config: ExperimentConfig): string {
  return page(`${experiment}: ${config.scheduler.name}`, [
    scheduleCurve(config),
    `<p>${escaped(scheduleText(config))}</p>`,
    `<pre>${escaped(ratesTable(ratesOf(config), momentaOf(config)))}</pre>`,
  ])
}

/** Epochs with their rates, as bars, and momenta where there are any. */
export function ratesTable(rates: readonly number[], momenta?: readonly number[]): string {
  const highest = Math.max(...rates)
  const width = momenta === undefined ? barColumns : barColumns - 11
  const rows = rates.map((rate, index) => [
    String(index + 1),
    rate.toExponential(3),
    ...(momenta === undefined ? [] : [momenta[index].toFixed(3)]),
    highest === 0 ? '' : bar(rate / highest, width),
  ])
  return table(['epoch', 'learning rate', ...(momenta === undefined ? [] : ['momentum']), ''], rows)
}

import { InvalidArgumentError, Option, type Command } from 'commander'
import type { BoundaryMetric } from '../core/boundaries/boundaryMetric.ts'
import { boundaryMetrics } from '../core/boundaries/registry.ts'
import { UserError } from '../core/errors.ts'
import type { ClassCounts } from '../core/metrics.ts'
import { nearestName } from '../core/nearest.ts'
import { metrics } from '../core/scores/registry.ts'
import { reductions, type Reduction } from '../core/scores/reductions.ts'

export interface MetricOptions {
  readonly metrics: readonly string[]
  readonly reduction: Reduction
  readonly zeroDivision: number
  readonly classWeights?: readonly number[]
}

/** One asked-for score over all images, and of each class where there is such a thing. */
export interface MetricScore {
  readonly name: string
  readonly value: number | null
  readonly perClass?: readonly (number | null)[]
  /** Where it is none in 0 … 1. */
  readonly unit?: 'pixels'
  /** How it was reduced, where there is a choice. */
  readonly reduction?: Reduction
  readonly zeroDivision?: number
}

const boundaryNames = boundaryMetrics.map(({ name }) => name)
const names = [...metrics.names, ...boundaryNames]

/** `--metrics` and how those of segmentation_models_pytorch are reduced. */
export function addMetricOptions(command: Command): Command {
  return command
    .option('--metrics <NAMES>', `further scores, separated by commas: ${names.join(', ')}`, namesIn, [])
    .addOption(
      new Option('--reduction <NAME>', 'how scores of segmentation_models_pytorch pool images and classes')
        .choices(reductions)
        .default('macro'),
    )
    .option('--zero-division <N>', 'what 0/0 counts as there, e.g. of a class that is absent (0 … 1)', fraction, 0)
    .option('--class-weights <NUMBERS>', 'one for each class, for the weighted reductions', numbersIn)
}

/** Those of the chosen metrics that need the predictions. */
export function chosenBoundaries({ metrics: chosen }: MetricOptions): readonly BoundaryMetric[] {
  return boundaryMetrics.filter(({ name }) => chosen.includes(name))
}

/** @throws UserError where a weighted reduction has no weights, or not as many as there are classes */
export function checkWeights({ reduction, classWeights }: MetricOptions, classes: number): void {
  if (!reduction.startsWith('weighted') || classWeights?.length === classes) return
  throw new UserError(`--reduction ${reduction} needs a weight for each of the ${classes} classes.`, {
    value: classWeights,
    allowed: `--class-weights with ${classes} numbers, in the order of ascending class ids`,
    code: 'class-weights',
  })
}

/** The chosen metrics that follow from counts. */
export function countedMetrics(
  { metrics: chosen, reduction, zeroDivision, classWeights }: MetricOptions,
  images: readonly ClassCounts[],
): readonly MetricScore[] {
  return chosen
    .filter((name) => metrics.names.includes(name))
    .map((name) => {
      const metric = metrics.get(name)
      const given = { reduction, zero_division: zeroDivision, class_weights: classWeights ?? null }
      const perClass = metric.perClass?.(images)
      return {
        name,
        value: metric.of(images, metric.arguments.parse(given)),
        ...(perClass === undefined ? {} : { perClass }),
        ...('reduction' in metric.arguments.shape ? { reduction, zeroDivision } : {}),
      }
    })
}

function namesIn(text: string): readonly string[] {
  const chosen = text.split(',').map((name) => name.trim())
  for (const name of chosen) {
    if (names.includes(name)) continue
    const nearest = nearestName(name, names)
    throw new InvalidArgumentError(
      `There is no metric "${name}"${nearest === undefined ? '' : `: did you mean "${nearest}"?`}`,
    )
  }
  return chosen
}

function fraction(text: string): number {
  const value = Number(text)
  if (text !== '' && value >= 0 && value <= 1) return value
  throw new InvalidArgumentError('It must be a number from 0 to 1.')
}

function numbersIn(text: string): readonly number[] {
  const values = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)))
  if (values.every((value) => value >= 0) && values.some((value) => value > 0)) return values
  throw new InvalidArgumentError('They must be numbers of 0 or more, separated by commas, and not all 0.')
}

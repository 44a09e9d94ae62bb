import type { Command } from 'commander'
import { UserError } from '../../core/errors.ts'
import { nearestName } from '../../core/nearest.ts'
import { spread } from '../../core/spread.ts'
import type { RunResult } from '../../protocol/runFolder.ts'
import { listExperiments } from '../../runs/experiments.ts'
import { listResults } from '../../runs/results.ts'
import { readProject } from '../../runs/project.ts'
import { experimentSchema } from '../../train/experimentSchema.ts'
import {
  compareExperiments,
  comparisonWarnings,
  lastAttempts,
  type ComparedExperiment,
  type ReadConfig,
} from '../../runs/comparison.ts'
import { outputOf, workspaceOf } from '../globalOptions.ts'
import { differenceText, spreadText } from '../output/scores.ts'
import { table } from '../output/table.ts'

/** `foldwise compare NAME… [--baseline NAME]`. */
export function addCompare(program: Command): void {
  program
    .command('compare')
    .summary('what helped: scores of experiments against the baseline')
    .description('Compares the results of experiments with those of the baseline, paired by fold.')
    .argument('[NAME...]', 'experiments (default: all that have results)')
    .option('--baseline <NAME>', "experiment to compare with (default: the project's)")
    .action(compare)
}

const readConfig: ReadConfig = (config) => experimentSchema.safeParse(config).data

function compare(names: readonly string[], options: { readonly baseline?: string }, command: Command): void {
  const workspace = workspaceOf(command)
  const output = outputOf(command)
  const { project } = readProject(workspace)
  const { primary_metric: metric } = project
  const { baseline = project.baseline } = options
  const { results, warnings } = listResults(workspace)
  output.warnings(warnings)
  const hasBaseline = results.some(({ experiment }) => experiment === baseline)
  const wanted = names.length > 0 ? names : [...new Set(results.map(({ experiment }) => experiment))]
  const isNeeded = options.baseline !== undefined || wanted.length === 0
  if (!hasBaseline && !isNeeded) output.message(`The baseline "${baseline}" has no results yet: no differences.`)
  const compareWith = hasBaseline || isNeeded ? [baseline] : []
  const groups = groupsOf(results, new Set([...compareWith, ...wanted]), listExperiments(workspace))
  output.warnings(comparisonWarnings(groups, readConfig))
  const compared = compareExperiments(groups, baseline, metric, readConfig)
  const [first] = [...groups.values()].flat()
  const experiments = compared.map(({ fromBaseline, ...experiment }) => ({
    ...experiment,
    score: spread(experiment.runs.map(({ value }) => value)),
    fromBaseline: { ...spread(fromBaseline.map(({ value }) => value)), folds: fromBaseline },
  }))
  const record = { type: 'comparison', metric, baseline, splitHash: first.splitHash, experiments }
  output.result(record, comparisonText(compared, baseline, metric))
}

/** @throws UserError for an experiment without results */
function groupsOf(
  results: readonly RunResult[],
  names: ReadonlySet<string>,
  experiments: readonly string[],
): ReadonlyMap<string, readonly RunResult[]> {
  return new Map(
    Array.from(names, (name) => {
      const own = lastAttempts(results, name)
      if (own.length === 0) throw withoutResults(name, experiments)
      return [name, own]
    }),
  )
}

function withoutResults(name: string, experiments: readonly string[]): UserError {
  if (experiments.includes(name)) {
    return new UserError(`experiment "${name}" has no results yet`, {
      code: 'no-results',
      hint: `Train it first: foldwise train ${name} --fold all`,
    })
  }
  const nearest = nearestName(name, experiments)
  return new UserError(`there is no experiment "${name}"`, {
    value: name,
    allowed: experiments,
    hint: nearest === undefined ? undefined : `Did you mean "${nearest}"?`,
    code: 'no-experiment',
  })
}

function comparisonText(compared: readonly ComparedExperiment[], baseline: string, metric: string): string {
  const rows = compared.map(({ name, runs, fromBaseline }) => [
    name,
    spreadText(runs.map(({ value }) => value)),
    name === baseline
      ? 'baseline'
      : spreadText(
          fromBaseline.map(({ value }) => value),
          differenceText,
        ),
    fromBaseline.map(({ fold, value }) => `${fold}: ${differenceText(value)}`).join('  '),
  ])
  // Without the baseline's own results there is nothing that conditions could differ from.
  const hasBaseline = compared.some(({ name }) => name === baseline)
  const changes = compared
    .filter(({ name }) => hasBaseline && name !== baseline)
    .map(({ name, changes: own }) => [`\n${name}`, ...changeLines(own)].join('\n  '))
  const header = ['experiment', metric, `difference from ${baseline}, paired by fold`, 'by fold']
  return [table(header, rows), ...changes].join('\n')
}

function changeLines(changes: ComparedExperiment['changes']): readonly string[] {
  if (changes === undefined) return ['its conditions were recorded by another version of Foldwise']
  return changes.length === 0 ? ['no condition differs'] : changes.map(({ words }) => words)
}

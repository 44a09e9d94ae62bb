import { UserError } from './errors.ts'
import type { ExperimentFile } from './experimentFile.ts'
import { mergeConditions, type Conditions } from './merge.ts'

/** An experiment with everything it extends merged in, not yet checked: hand `conditions` to parseExperiment. */
export interface ResolvedExperiment {
  readonly conditions: Conditions
  /** The experiment itself, what it extends, what that extends … */
  readonly lineage: readonly string[]
}

/** What belongs to the file itself and is not inherited. */
const ownKeys = new Set(['$schema', 'extends', 'hypothesis', 'tags', 'notes'])

function conditionsOf(file: ExperimentFile): Conditions {
  const entries: [string, unknown][] = Object.entries(file)
  return Object.fromEntries(entries.filter(([key, value]) => !ownKeys.has(key) && value !== undefined))
}

/**
 * Follows `extends` from the named experiment to its root and merges from the root down.
 * @param load the file of an experiment, undefined when there is none of that name
 * @throws UserError when an experiment is missing or extends itself, directly or through others
 */
export function resolveExperiment(
  name: string,
  load: (name: string) => ExperimentFile | undefined,
): ResolvedExperiment {
  const lineage: string[] = []
  const files: ExperimentFile[] = []
  for (let next: string | undefined = name; next !== undefined;) {
    const child = lineage.at(-1)
    const file = child === undefined ? undefined : `foldwise/experiments/${child}.jsonc`
    if (lineage.includes(next)) {
      throw new UserError(
        `Experiments extend each other in a circle: ${[...lineage.slice(lineage.indexOf(next)), next].join(' → ')}.`,
        {
          file,
          value: next,
          hint: 'Let one of them extend the baseline instead.',
          code: 'extends-cycle',
        },
      )
    }
    const loaded = load(next)
    if (loaded === undefined) {
      const message =
        child === undefined ? `There is no experiment "${next}".` : `"extends": there is no experiment "${next}".`
      throw new UserError(message, {
        file,
        value: next,
        hint: `Write foldwise/experiments/${next}.jsonc or correct the name.`,
        code: 'no-experiment',
      })
    }
    lineage.push(next)
    files.push(loaded)
    next = loaded.extends
  }
  return {
    lineage,
    conditions: files.reduceRight<Conditions>((merged, file) => mergeConditions(merged, conditionsOf(file)), {}),
  }
}

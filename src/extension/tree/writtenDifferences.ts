import { builtInBaseline } from '../../core/baseline.ts'
import { differences, type Difference } from '../../core/difference.ts'
import { UserError } from '../../core/errors.ts'
import type { ExperimentConfig } from '../../core/experiment.ts'
import type { ExperimentFile } from '../../core/experimentFile.ts'
import { mergeConditions } from '../../core/merge.ts'
import { recordedConfig } from '../../core/recordedConfig.ts'
import { resolveExperiment } from '../../core/resolve.ts'

export type ExperimentFiles = ReadonlyMap<string, ExperimentFile | UserError>

/**
 * How two experiments differ by what their files say. Arguments that neither file names are unknown here (the methods'
 * defaults are the program's), so an argument written out as its default counts as a change: `lr: default → 0.001`.
 * @returns the error where a file is missing or broken, also one that they extend
 */
export function writtenDifferences(
  files: ExperimentFiles,
  baseline: string,
  experiment: string,
): readonly Difference[] | UserError {
  try {
    const [before, after] = [written(files, baseline), written(files, experiment)]
    return before === undefined || after === undefined ? [] : differences(before, after)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
}

function written(files: ExperimentFiles, experiment: string): ExperimentConfig | undefined {
  const { conditions } = resolveExperiment(experiment, (name) => {
    const file = files.get(name)
    if (file instanceof UserError) throw file
    return file
  })
  return recordedConfig(mergeConditions({ ...builtInBaseline, data: {}, train: {} }, conditions))
}

import { builtInBaseline } from '../../core/baseline.ts'
import { UserError } from '../../core/errors.ts'
import { parseExperiment, type ExperimentConfig } from '../../core/experiment.ts'
import { mergeConditions } from '../../core/merge.ts'
import type { AnswerOf, QuestionOf } from '../../protocol/questions.ts'
import { loadExperiment } from '../../runs/experiments.ts'
import type { Workspace } from '../../runs/workspace.ts'
import { experimentSchema } from '../../train/experimentSchema.ts'
import { scheduleCurve, schedulePage, scheduleText } from '../output/scheduleText.ts'
import { sections } from './check/experimentFindings.ts'
import { inheritanceOf } from './check/inheritance.ts'
import { SourceText } from './check/sourceText.ts'
import { valueAt } from './check/valueAt.ts'

/**
 * The schedule of an experiment as it stands in the editor or on the disk.
 * @throws UserError where it is not right yet: the checks of the file say more
 */
export function answerSchedule({ id, root, experiment, text }: QuestionOf<'schedule'>): AnswerOf<'schedule'> {
  const config = text === undefined ? savedConfig({ root }, experiment) : configOfText({ root }, experiment, text)
  const image = Buffer.from(scheduleCurve(config)).toString('base64')
  const markdown = `<img src="data:image/svg+xml;base64,${image}" height="190">\n\n${scheduleText(config)}`
  return { id, type: 'schedule', markdown, html: schedulePage(experiment, config) }
}

function savedConfig(workspace: Workspace, experiment: string): ExperimentConfig {
  const { conditions, locate } = loadExperiment(workspace, experiment)
  return parseExperiment(conditions, experimentSchema, locate)
}

function configOfText(workspace: Workspace, experiment: string, text: string): ExperimentConfig {
  const { value } = new SourceText(experiment, text)
  const { parent, isWhole } = inheritanceOf(workspace, experiment, valueAt(value, ['extends']))
  const own = Object.fromEntries(
    sections.flatMap((key) => {
      const section = valueAt(value, [key])
      return section === undefined ? [] : [[key, section]]
    }),
  )
  const parsed = experimentSchema.safeParse(
    mergeConditions(mergeConditions(builtInBaseline, parent?.conditions ?? {}), own),
  )
  if (isWhole && parsed.success) return parsed.data
  throw new UserError('The experiment is not right yet: its schedule cannot be drawn.', { code: 'not-right' })
}

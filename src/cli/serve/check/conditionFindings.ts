import { preparePipeline, pipelineSize } from '../../../augment/pipeline.ts'
import { UserError } from '../../../core/errors.ts'
import type { ExperimentConfig } from '../../../core/experiment.ts'
import type { Conditions } from '../../../core/merge.ts'
import { accumulationNote } from '../../../train/accumulationNote.ts'
import { experimentSchema } from '../../../train/experimentSchema.ts'
import { checkMix } from '../../../train/mixing.ts'
import { classArgumentFindings } from './classArguments.ts'
import { encoderWeightFindings } from './encoderWeights.ts'
import type { Finding } from './finding.ts'
import { monitorFindings } from './monitors.ts'
import { networkFindings } from './networkFindings.ts'
import { schemaFindings } from './schemaFindings.ts'
import { valueAt } from './valueAt.ts'

/**
 * Everything wrong with whole conditions (merged down to the built-in baseline), wherever they were written.
 * @param classes names of the project's; undefined where they are not known
 */
export function conditionFindings(conditions: Conditions, classes: readonly string[] | undefined): readonly Finding[] {
  // The schema has the weights checked only where all else is right; ours say more.
  const bySchema = schemaFindings(experimentSchema, conditions).filter(
    ({ path, code }) => code !== 'invalid-value' || path.join() !== 'model,encoder_weights',
  )
  const others = [
    ...encoderWeightFindings(conditions),
    ...channelFindings(conditions),
    ...(classes === undefined
      ? []
      : [...classArgumentFindings(conditions, classes.length), ...monitorFindings(conditions, classes)]),
  ]
  const isRight = bySchema.length === 0 && others.length === 0
  if (!isRight) return [...bySchema, ...others]
  const config = experimentSchema.parse(conditions)
  return [...combinationFindings(config), ...mixFindings(config), ...accumulationFindings(config)]
}

/** What is right by itself and does not work together. */
function combinationFindings(config: ExperimentConfig): readonly Finding[] {
  const ofTransforms = sizeFindings(config)
  return ofTransforms.length > 0 ? ofTransforms : networkFindings(config)
}

function channelFindings(conditions: Conditions): readonly Finding[] {
  const channels = valueAt(conditions, ['model', 'in_channels'])
  if (typeof channels !== 'number' || channels === 3) return []
  return [
    {
      path: ['model', 'in_channels'],
      mark: 'value',
      message: 'Images are read as RGB: the network must take 3 channels. Grey images are repeated over all three.',
      code: 'in-channels',
      replacements: ['3'],
    },
  ]
}

/** Not a mistake: what a person may take for a larger batch is not one. Every network that there is has BatchNorm. */
function accumulationFindings(config: ExperimentConfig): readonly Finding[] {
  const message = accumulationNote(config, true)
  if (message === undefined) return []
  const path = ['data', 'accumulate_grad_batches']
  return [{ path, mark: 'value', message, code: 'accumulation', replacements: [], severity: 'information' }]
}

/** A mix that the losses or the batches of the experiment do not allow. */
function mixFindings(config: ExperimentConfig): readonly Finding[] {
  try {
    checkMix(config)
    return []
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const { allowed, code = 'mix' } = error.details
    const message = `${error.message} Allowed: ${String(allowed)}.`
    return [{ path: ['mix', 'name'], mark: 'value', message, code, replacements: [] }]
  }
}

/** Transforms that cannot be applied to images of the size that the experiment gives them. */
function sizeFindings({ augment, data }: ExperimentConfig): readonly Finding[] {
  if (data.image_size === null) return []
  const [height, width] = data.image_size
  const pipeline = preparePipeline(augment)
  const errorOf = (length: number): UserError | undefined => {
    try {
      pipelineSize(pipeline.slice(0, length), { height, width })
      return undefined
    } catch (error) {
      if (error instanceof UserError) return error
      throw error
    }
  }
  const error = errorOf(pipeline.length)
  if (error === undefined) return []
  // Several sizes may become one again further on; a crop that does not fit stays so.
  const culprit = pipeline.findIndex((_, index) => errorOf(index + 1)?.details.code === error.details.code)
  const { hint, code = 'augment' } = error.details
  return [
    {
      path: ['augment', culprit, 'name'],
      mark: 'value',
      message: hint === undefined ? error.message : `${error.message} ${hint}`,
      code,
      replacements: [],
    },
  ]
}

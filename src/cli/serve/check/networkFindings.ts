import { pipelineSize, preparePipeline } from '../../../augment/pipeline.ts'
import { UserError, type UserErrorDetails } from '../../../core/errors.ts'
import type { ExperimentConfig } from '../../../core/experiment.ts'
import { checkNetwork } from '../../../train/networkCheck.ts'
import type { Finding } from './finding.ts'

/** What each refusal of a network is marked at. */
const places: Readonly<Partial<Record<string, Finding['path']>>> = {
  'encoder-does-not-dilate': ['model', 'encoder_name'],
  'size-not-divisible': ['data', 'image_size'],
  'image-too-small': ['data', 'image_size'],
  'one-value-per-channel': ['data', 'batch_size'],
}

/**
 * Architecture, encoder, batch and sizes that do not work together, as far as the experiment alone tells: images that keep
 * their own sizes are looked at when a run starts.
 */
export function networkFindings(config: ExperimentConfig): readonly Finding[] {
  const { image_size: resize, batch_size: batch } = config.data
  if (resize === null) return []
  const whole = { height: resize[0], width: resize[1] }
  const training = pipelineSize(preparePipeline(config.augment), whole)
  try {
    // The number of classes changes nothing here.
    checkNetwork(config, { classes: 2, training, batch, validation: [whole] })
    return []
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return [findingOf(error.message, error.details, config)]
  }
}

function findingOf(
  message: string,
  { code = 'network', hint, allowed }: UserErrorDetails,
  config: ExperimentConfig,
): Finding {
  const path = message.startsWith('In validation') ? validationPlace(config) : undefined
  const options = Array.isArray(allowed)
    ? ` Allowed: ${allowed.slice(0, 12).join(', ')}${allowed.length > 12 ? ', …' : ''}.`
    : ''
  return {
    path: path ?? places[code] ?? ['model', 'arch'],
    mark: 'value',
    message: `${message}${hint === undefined ? options : ` ${hint}`}`,
    code,
    replacements: [],
  }
}

/** What makes validation see another size than training. */
function validationPlace({ inference }: ExperimentConfig): Finding['path'] | undefined {
  if (inference.tta_scales.some((scale) => scale !== 1)) return ['inference', 'tta_scales']
  return inference.window === 'whole' ? undefined : ['inference', 'window']
}

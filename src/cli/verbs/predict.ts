import { resolve } from 'node:path'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { testTimeSets } from '../../augment/testTime.ts'
import { UserError } from '../../core/errors.ts'
import { inferenceSchema } from '../../core/inference.ts'
import type { InferenceSettings, TestTimeSet } from '../../core/inferenceSettings.ts'
import { predictFolder } from '../../train/predictFolder.ts'
import { addEngineOptions, engineRequest, type EngineOptions } from '../arguments.ts'
import { outputOf, workspaceOf } from '../globalOptions.ts'

interface PredictOptions extends EngineOptions {
  readonly input: string
  readonly output: string
  readonly checkpoint?: string
  readonly window?: InferenceSettings['window']
  readonly tta?: true | TestTimeSet
  readonly ttaScales?: readonly number[]
}

/** `foldwise predict RUN… --input DIR --output DIR`. */
export function addPredict(program: Command): void {
  const command = program
    .command('predict')
    .summary('predict a folder of images')
    .description('Predicts every image of a folder with the best checkpoint of a run; several runs vote together.')
    .argument('<RUN...>', 'folders in foldwise/runs')
    .requiredOption('--input <DIR>', 'folder of images')
    .requiredOption('--output <DIR>', 'folder for the predictions (palette PNG), made if missing')
    .option(
      '--checkpoint <FILE>',
      "weights in place of the run's best: a state dict of segmentation_models_pytorch, as safetensors or .pth",
    )
    .option(
      '--window <SIZE>',
      "whole, or the size of the sliding window in place of the run's own, in pixels: 512 or 512x768 (height x width)",
      windowOf,
    )
    .addOption(
      new Option(
        '--tta [SET]',
        "average the predictions of flipped views in place of the run's own: hflip where no set is named",
      ).choices(Object.keys(testTimeSets)),
    )
    .option('--tta-scales <LIST>', 'predict every view at these scales, e.g. 0.75,1,1.25', scalesOf)
  addEngineOptions(command).action(predict)
}

function windowOf(text: string): InferenceSettings['window'] {
  const [height, width = height] = text.split('x').map(Number)
  const { success, data } = inferenceSchema.shape.window.safeParse(text === 'whole' ? text : [height, width])
  if (success && /^(whole|\d+(x\d+)?)$/.test(text)) return data
  throw new InvalidArgumentError('It must be whole, 512 or 512x768, with sides of 32 … 8192 pixels.')
}

function scalesOf(text: string): readonly number[] {
  const { success, data } = inferenceSchema.shape.tta_scales.safeParse(text.split(',').map(Number))
  if (success) return data
  throw new InvalidArgumentError('It must be up to eight numbers of 0.25 … 4 with commas between them.')
}

async function predict(runs: readonly string[], options: PredictOptions, command: Command): Promise<void> {
  const output = outputOf(command)
  const { checkpoint, window, tta, ttaScales } = options
  if (checkpoint !== undefined && runs.length > 1)
    throw new UserError('--checkpoint stands in for the weights of one run', {
      value: runs,
      hint: 'Name the one run whose network it is.',
      code: 'usage',
    })
  const predictions = predictFolder({
    workspace: workspaceOf(command),
    runs,
    checkpoint: checkpoint && resolve(checkpoint),
    input: resolve(options.input),
    output: resolve(options.output),
    engine: engineRequest(options),
    inference: {
      ...(window === undefined ? {} : { window }),
      ...(tta === undefined ? {} : { tta: tta === true ? 'hflip' : tta }),
      ...(ttaScales === undefined ? {} : { tta_scales: ttaScales }),
    },
  })
  for await (const { image, file, index, total } of predictions)
    output.result({ type: 'prediction', image, file, index, total }, `${image} → ${file}`)
}

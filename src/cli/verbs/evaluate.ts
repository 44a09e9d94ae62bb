import { resolve } from 'node:path'
import type { Command } from 'commander'
import { mergeCounts, scoresOf } from '../../core/metrics.ts'
import { RunFolder } from '../../runs/runFolder.ts'
import { evaluateRun } from '../../train/evaluateRun.ts'
import { addEngineOptions, engineRequest, type EngineOptions } from '../arguments.ts'
import { constantPrediction } from '../constantPrediction.ts'
import {
  addMetricOptions,
  checkWeights,
  chosenBoundaries,
  countedMetrics,
  type MetricOptions,
  type MetricScore,
} from '../evaluationMetrics.ts'
import { outputOf, workspaceOf } from '../globalOptions.ts'
import { confusionTable } from '../output/confusionTable.ts'
import { classTable, metricTable } from '../output/evaluationTables.ts'
import { overallTable, scoreText } from '../output/scores.ts'
import { OverlayWriter } from '../overlayWriter.ts'

interface EvaluateOptions extends EngineOptions, MetricOptions {
  readonly overlays?: string
  readonly checkpoint?: string
}

/** `foldwise evaluate RUN`. */
export function addEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .summary('score the best epoch of a run anew')
    .description(
      'Scores the best checkpoint of a run on the validation images of its fold; changes nothing in the run.',
    )
    .argument('<RUN>', 'a folder in foldwise/runs')
    .option(
      '--checkpoint <FILE>',
      "weights in place of the run's best: a state dict of segmentation_models_pytorch, as safetensors or .pth",
    )
    .option('--overlays <DIR>', 'write a picture per image: image, truth, prediction, errors')
  addEngineOptions(addMetricOptions(command)).action(evaluate)
}

async function evaluate(run: string, options: EvaluateOptions, command: Command): Promise<void> {
  const output = outputOf(command)
  const { checkpoint } = options
  const overlays = options.overlays === undefined ? undefined : new OverlayWriter(resolve(options.overlays))
  checkWeights(options, RunFolder.open(workspaceOf(command), run).readRecord().classes.length)
  const evaluation = await evaluateRun({
    workspace: workspaceOf(command),
    run,
    checkpoint: checkpoint && resolve(checkpoint),
    engine: engineRequest(options),
    boundaries: chosenBoundaries(options),
    onBatch: async (batch, labels, batchPlan) => overlays?.write(batch, labels, batchPlan),
  })
  const { scores, images, confusion, plan } = evaluation
  const counts = scoresOf(mergeCounts(images))
  const metrics: readonly MetricScore[] = [
    ...countedMetrics(options, images),
    ...evaluation.boundaries.map(({ metric: { name, unit }, value, perClass }) => ({
      name,
      value,
      perClass,
      ...(unit === 'pixels' ? { unit } : {}),
    })),
  ]
  const constant = constantPrediction(images)
  const label = plan.rules.classes.names[constant.label]
  const { mIoU, dice, pixelAccuracy } = constant.scores
  const perImage = images.map((image) => ({
    ...image,
    mIoU: scoresOf(image).mIoU,
    ...(overlays === undefined ? {} : { overlay: overlays.files.get(image.image) }),
  }))
  const record = {
    run,
    ...(checkpoint !== undefined && { checkpoint }),
    fold: plan.fold,
    scores,
    metrics,
    confusion,
    constant: { class: label, mIoU, dice, pixelAccuracy },
    images: perImage,
  }
  const text = [
    `${run}: ${checkpoint ?? 'best checkpoint'} on the ${images.length} validation images of fold ${plan.fold}\n`,
    overallTable(scores),
    ...(metrics.length === 0 ? [] : [`\n${metricTable(metrics)}`]),
    `\n${classTable(scores.classes, counts, metrics)}`,
    `\n${confusionTable(confusion, scores.classes)}`,
    `\nFor comparison, "${label}" everywhere: mIoU ${scoreText(mIoU)}, Dice ${scoreText(dice)}`,
    ...(options.overlays === undefined ? [] : [`${images.length} overlay pictures in ${options.overlays}`]),
  ]
  output.result({ type: 'evaluation', ...record }, text.join('\n'))
}

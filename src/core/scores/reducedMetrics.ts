import * as z from 'zod'
import { countScores } from './countScores.ts'
import { defineMetric, type MetricDefinition } from './metric.ts'
import { classScores, reducedScore, reductions } from './reductions.ts'

const reductionArguments = z.object({
  reduction: z
    .enum(reductions)
    .default('macro')
    .describe('How images and classes are pooled or averaged, as in segmentation_models_pytorch.'),
  zero_division: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('What 0/0 counts as, e.g. the score of a class that an image does not have; micro has none.'),
  class_weights: z
    .array(z.number().min(0))
    .nullable()
    .default(null)
    .describe('Weight of each class in weighted and weighted-imagewise; null: all alike.'),
})

const titles: Readonly<Record<keyof typeof countScores, string>> = {
  iou_score: 'Intersection over union',
  f1_score: 'F1, which is Dice',
  precision: 'Precision',
  recall: 'Recall (sensitivity)',
  specificity: 'Specificity',
  accuracy: 'Accuracy of each class against the rest (counts true negatives: no pixel accuracy)',
  balanced_accuracy: 'Mean of recall and specificity',
}

/** Every score of segmentation_models_pytorch that we have, with its reductions. */
export const reducedMetrics: readonly MetricDefinition[] = Object.entries(countScores).map(([name, score]) =>
  defineMetric({
    name,
    summary: `${titles[name as keyof typeof countScores]}, as segmentation_models_pytorch reduces it.`,
    arguments: reductionArguments,
    of: (images, { reduction, zero_division, class_weights }) =>
      reducedScore(score, images, { reduction, zeroDivision: zero_division, classWeights: class_weights }),
    perClass: (images) => classScores(score, images),
  }),
)

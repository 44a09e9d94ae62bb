import { ignoredColor, classColors } from '../data/classColors.ts'
import type { MaskRules } from '../data/maskRules.ts'
import { palettePng } from '../data/palettePng.ts'
import type { Rgb } from '../augment/normalize.ts'
import type { Size } from '../augment/sample.ts'
import { runFiles } from '../protocol/runFolder.ts'
import type { RunSession } from '../runs/runSession.ts'
import { readWeights } from './checkpoint.ts'
import type { Validation, ValidationResult } from './validation.ts'

/** Palette PNGs of all validation images at the best epoch, and its scores; memory holds one batch at a time. */
export async function writePredictions(
  session: RunSession,
  validation: Validation,
  rules: MaskRules,
): Promise<ValidationResult> {
  const weights = await readWeights(session.run.file(runFiles.best))
  return validation.run(weights, async ({ names, height, width }, labels) => {
    const area = height * width
    for (const [index, name] of names.entries()) {
      const own = labels.subarray(index * area, (index + 1) * area)
      await session.writePrediction(name, predictionPng(own, { height, width }, rules))
    }
  })
}

/**
 * A prediction in the numbers of the user's masks (see predictionPalette).
 * @param labels [height·width], class indices
 */
export function predictionPng(labels: ArrayLike<number>, size: Size, rules: MaskRules): Uint8Array {
  const { values, colors } = predictionPalette(rules)
  return palettePng(
    Uint8Array.from(labels, (label) => values[label]),
    size,
    colors,
  )
}

/** Pixel values of predictions: class ids, or class indices where an id does not fit into a palette. */
export function predictionPalette({ classes }: MaskRules): {
  /** Of each class. */
  readonly values: Uint8Array
  /** Of each value. */
  readonly colors: readonly Rgb[]
} {
  const colors = classColors(classes.colors)
  const fits = classes.ids.every((id) => id < 255)
  if (!fits) return { values: Uint8Array.from(colors.keys()), colors }
  return {
    values: Uint8Array.from(classes.ids),
    colors: Array.from({ length: Math.max(...classes.ids) + 1 }, (_, id) => {
      const index = classes.indexOf.get(id)
      return index === undefined ? ignoredColor : colors[index]
    }),
  }
}
